from typing import Any


def coverage(engine: Any) -> Any:
    return {"svg": "", "rows": []}
