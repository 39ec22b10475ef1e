"""What `dbt.*` macros stand for while sqlfluff reads a model: text of the same shape, so that the SQL parses."""

from collections.abc import Callable


def _call(name: str) -> Callable[..., str]:
    def call(*arguments: object, **named: object) -> str:
        return f"{name}({', '.join(str(value) for value in (*arguments, *named.values()))})"

    return call


date_trunc = _call("date_trunc")
dateadd = _call("dateadd")
datediff = _call("datediff")
last_day = _call("last_day")
split_part = _call("split_part")


def listagg(measure: str, delimiter_text: str = "','", order_by_clause: str = "", limit_num: object = None) -> str:
    return f"string_agg({measure}, {delimiter_text} {order_by_clause})"


def date_spine(datepart: str, start_date: str, end_date: str) -> str:
    return f"select {start_date} as date_{datepart}"


def generate_series(upper_bound: int) -> str:
    return "select 1 as generated_number"
