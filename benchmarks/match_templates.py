"""Notes that desks write from one form day after day: alike, and no copies of each other.

Each form keeps its sentences and changes its figures and names, as money market notes, results, dividends, weather,
shipping and sports reports do. Some forms are short, and some hold whole paragraphs that never change.
"""

from collections.abc import Callable

from benchmarks.match_texts import Writer

_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
_TEAMS = ["Rovers", "City", "Athletic", "Wanderers", "United", "Olympic", "Dynamo"]


def _fraction(writer: Writer) -> str:
    draw = writer.draw
    return f"{draw.randint(4, 9)}-{draw.choice((1, 3, 5, 7))}/{draw.choice((8, 16))}"


def _dividend(writer: Writer) -> str:
    draw = writer.draw
    now, before = draw.randint(3, 95), draw.randint(3, 95)
    lines = [
        f"{writer.name()} Corp {draw.choice(('sets quarterly', 'votes regular', 'raises'))} payout",
        f"Qtly div {now} cts vs {before if draw.random() < 0.4 else now} cts prior",
        f"Pay {draw.choice(('April', 'May', 'June'))} {draw.randint(1, 30)}",
        f"Record {draw.choice(('March', 'April', 'May'))} {draw.randint(1, 30)}",
    ]
    return "\n".join(lines)


def _results(writer: Writer) -> str:
    draw = writer.draw

    def figure(top: int) -> str:
        return f"{draw.randint(top // 20, top):,}"

    company = f"{writer.name(3)} Inc"
    lines = [
        f"{company} {draw.choice(('1st', '2nd', '3rd', '4th'))} qtr net",
        f"Shr {draw.randint(1, 95)} cts vs {draw.randint(1, 95)} cts",
        f"Net {figure(9_000_000)} vs {figure(9_000_000)}",
        f"Revs {figure(90_000_000)} vs {figure(90_000_000)}",
        f"Avg shrs {figure(9_000_000)} vs {figure(9_000_000)}",
    ]
    if draw.random() < 0.6:
        lines += ["Nine mths", f"Shr {draw.randint(1, 9)}.{draw.randint(10, 99)} dlrs vs {draw.randint(1, 95)} cts",
                  f"Net {figure(30_000_000)} vs {figure(30_000_000)}", f"Revs {figure(300_000_000)} vs {figure(300_000_000)}"]  # fmt: skip
    if draw.random() < 0.4:
        lines.append(
            f"NOTE: Prior year net includes gain of {figure(900_000)} dlrs, or {draw.randint(1, 30)} cts a share, "
            "from discontinued operations and the benefit of tax loss carryforwards."
        )
    return "\n".join(lines)


def _money_market(writer: Writer) -> str:
    draw = writer.draw
    n = [f"{draw.randint(10, 980)}" for _ in range(9)]
    return (
        f"The Bank of Arland said it provided the money market with a further {n[0]} mln crowns of assistance in the "
        f"afternoon session. This brings its total help so far today to {n[1]} mln and compares with its revised "
        f"estimate of a shortage of around {n[2]} mln.\n"
        f"The central bank made outright purchases of bank bills comprising {n[3]} mln in band one at "
        f"{_fraction(writer)} pct, {n[4]} mln in band two at {_fraction(writer)} pct and {n[5]} mln in band three at "
        f"{_fraction(writer)} pct.\n"
        f"Among the main factors affecting liquidity, bills maturing in official hands and the take-up of treasury bills "
        f"will drain some {n[6]} mln while bankers' balances below target will take out around {n[7]} mln. Partly "
        f"offsetting these outflows, a fall in note circulation will add some {n[8]} mln crowns to the system."
    )


def _reserves(writer: Writer) -> str:
    """The worst of them: one form, a handful of figures, and all the rest the same every day."""
    draw = writer.draw
    return (
        "The Reserve Board is expected to enter the government securities market to add temporary reserves, economists "
        f"said. They expect it to supply the reserves indirectly by arranging around {draw.randint(1, 4)}.{draw.randint(1, 9)} "
        f"billion crowns of {draw.choice(('customer', 'overnight', 'two-day'))} repurchase agreements.\n"
        f"The Board may add the reserves directly instead via {draw.choice(('system', 'overnight', 'weekend'))} repurchases. "
        f"Reserve funds, which averaged {draw.randint(5, 8)}.{draw.randint(10, 99)} pct on {draw.choice(_DAYS)}, opened at "
        f"{_fraction(writer)} pct and traded between there and {_fraction(writer)} pct."
    )


def _weather(writer: Writer) -> str:
    draw = writer.draw
    place, other = writer.name(3), writer.name(2)
    return (
        f"{draw.choice(_DAYS)} in {place} will be mostly {draw.choice(('cloudy', 'sunny', 'wet', 'dry'))} with light to "
        f"moderate winds from the {draw.choice(('north', 'south', 'east', 'west'))} and temperatures between "
        f"{draw.randint(-9, 9)} and {draw.randint(10, 30)} degrees, the weather service said. The chance of rain is "
        f"{draw.randint(1, 19) * 5} per cent in the morning and {draw.randint(1, 19) * 5} per cent later in the day.\n"
        f"Roads around {other} may be slippery at night, and drivers should allow more time for their journey. The water "
        f"temperature at the coast is {draw.randint(4, 22)} degrees. The sun rises at {draw.randint(5, 8)}.{draw.randint(10, 59)} "
        f"and sets at {draw.randint(4, 9)}.{draw.randint(10, 59)}. The next forecast will be issued at noon."
    )


def _shares(writer: Writer) -> str:
    draw = writer.draw
    move = draw.choice(("higher", "lower", "little changed"))
    risers = ", ".join(
        f"{writer.name()} {draw.choice(('added', 'lost'))} {draw.randint(1, 60)} to {draw.randint(90, 990)}"
        for _ in range(4)
    )
    return (
        f"Share prices closed {move} in {draw.choice(('quiet', 'active', 'thin'))} trading, with the market index at "
        f"{draw.randint(1000, 2900)}.{draw.randint(1, 9)}, against {draw.randint(1000, 2900)}.{draw.randint(1, 9)} at the "
        f"previous close, dealers said. Turnover was {draw.randint(20, 400)} mln shares.\n{risers}.\n"
        "Dealers said that institutions remained on the sidelines ahead of the trade figures that are due later this week, "
        f"and that most of the interest came from abroad. Gold was fixed at {draw.randint(300, 480)}.{draw.randint(10, 95)} an ounce."
    )


def _match(writer: Writer) -> str:
    draw = writer.draw
    home, away = (f"{writer.name()} {draw.choice(_TEAMS)}" for _ in range(2))
    scorer, other = writer.name(3), writer.name(3)
    return (
        f"{home} beat {away} {draw.randint(2, 5)}-{draw.randint(0, 1)} in the first division on {draw.choice(_DAYS)} before a crowd "
        f"of {draw.randint(4, 60)},{draw.randint(100, 999)}. {scorer} opened the scoring in the {draw.randint(3, 40)}th minute and "
        f"{other} made it two after {draw.randint(46, 85)} minutes. The visitors had a man sent off for a second bookable "
        f"offence late in the game. {home} are now {draw.choice(('third', 'fourth', 'ninth'))} in the table with {draw.randint(9, 60)} points."
    )


def _ships(writer: Writer) -> str:
    draw = writer.draw
    rows = "\n".join(
        f"{writer.name(3)} {draw.randint(9, 90)},{draw.randint(100, 999)} tonnes {writer.name()}/{writer.name()} "
        f"{draw.randint(1, 28)}/{draw.randint(1, 28)} {draw.randint(4, 19)}.{draw.randint(10, 99)} dlrs fio five days"
        for _ in range(draw.randint(4, 9))
    )
    return f"The following fixtures were reported by shipbrokers today.\n{rows}\nReference: ship fixtures, grain and oilseeds."


def _charge(writer: Writer) -> str:
    draw = writer.draw
    return (
        f"A {draw.randint(18, 70)}-year-old man from {writer.name(3)} has been charged after a stolen "
        f"{draw.choice(('car', 'lorry', 'motorcycle'))} was found in {writer.name(2)} Street on {draw.choice(_DAYS)}. He was remanded in "
        f"custody and is due to appear before magistrates on {draw.choice(_DAYS)}. Police appealed for witnesses and asked anyone "
        f"with information to call {draw.randint(100, 999)} {draw.randint(1000, 9999)}, quoting reference {draw.randint(1000, 99999)}."
    )


FORMS: tuple[Callable[[Writer], str], ...] = (
    _dividend, _results, _money_market, _reserves, _weather, _shares, _match, _ships, _charge,
)  # fmt: skip
"""Each writes one note of its kind."""
