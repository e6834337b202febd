from typing import Any
def look_for(engine: Any, question: str, asked: Any) -> Any:
    return {"question": question, "results": [], "paging": {"page": 1, "pages": 1, "size": 20, "total": 0}, "filters": {}}
