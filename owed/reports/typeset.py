"""PDF by Typst: documents are templates beside this file, and data reaches them as JSON, never as markup."""

from __future__ import annotations

import json
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).parent / "templates"


def money(value: Decimal | None) -> str:
    """`1,234.50`, negatives in parentheses, `not known` for None."""
    if value is None:
        return "not known"
    text = f"{abs(value):,.2f}"
    return f"({text})" if value < 0 else text


def exact(value: Decimal | None) -> str:
    """An amount with its cents and whatever decimals stand behind them; nothing for None."""
    if value is None:
        return ""
    whole, _, decimals = f"{value:,.6f}".rstrip("0").partition(".")
    return f"{whole}.{decimals:0<2}"


def write_pdf(template: str, data: dict[str, Any], out: Path, images: dict[str, bytes] | None = None) -> None:
    """Compile `templates/<template>.typ` with `data` as `data.json` and images beside it. Tagged, with PDF/UA rules."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path in TEMPLATES.glob("*.typ"):
            shutil.copy(path, root / path.name)
        (root / "data.json").write_text(json.dumps(data, default=str), encoding="utf-8")
        for name, content in (images or {}).items():
            (root / name).write_bytes(content)
        typst.compile(str(root / f"{template}.typ"), output=str(out), root=str(root), pdf_standards=["ua-1"])
