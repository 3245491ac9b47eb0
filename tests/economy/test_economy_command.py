import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main as sanctionsim
from sim.errors import InputError

CASES = Path(__file__).parents[1] / "cases"
SMALL, NAFTA = str(CASES / "hat_algebra_small"), str(CASES / "nafta_1993")
HEADER = "country,welfare,real_wage,terms_of_trade,volume_of_trade,imports,exports"


def main(words):
    return sanctionsim(["economy", *words])


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return {row["country"]: row for row in csv.DictReader(stream)}


def test_a_counterfactual_writes_one_row_per_country(tmp_path, capsys):
    out = tmp_path / "new" / "result.csv"
    assert main([SMALL, "--counterfactual", "usa_deu_1.5", "--out", str(out)]) == 0
    assert out.read_text().splitlines()[0] == HEADER
    rows = rows_of(out)
    assert list(rows) == ["chn", "deu", "row", "rus", "usa"]
    assert float(rows["rus"]["welfare"]) == pytest.approx(0.976906531927381, abs=1e-9)
    assert rows["rus"]["terms_of_trade"] == rows["rus"]["volume_of_trade"] == ""
    assert float(rows["rus"]["imports"]) < 1.0
    assert capsys.readouterr() == ("", "")


def test_tariffs_with_balance_write_the_published_first_order_terms(tmp_path):
    out = tmp_path / "nafta.csv"
    assert main([NAFTA, "--tariffs", "--balance", "--out", str(out)]) == 0
    mexico = rows_of(out)["mex"]
    assert round(float(mexico["terms_of_trade"]), 2) == -0.41
    assert round(float(mexico["volume_of_trade"]), 2) == 1.72
    assert round(100 * float(mexico["welfare"]) - 100, 4) == 0.0073


def test_imports_and_exports_are_those_of_kite(tmp_path):
    out = tmp_path / "nafta.csv"
    main([NAFTA, "--tariffs", "--out", str(out)])
    for name in ("imports", "exports"):
        kite = rows_of(Path(NAFTA) / f"kite_{name}_change.csv")
        for country, row in rows_of(out).items():
            assert float(row[name]) == pytest.approx(float(kite[country]["value"]), abs=1e-8)


def test_cross_border_imports_leave_home_sales_out(tmp_path):
    out = tmp_path / "small.csv"
    words = [SMALL, "--counterfactual", "global_embargo10", "--out", str(out)]
    main([*words, "--cross-border"])
    assert float(rows_of(out)["rus"]["imports"]) < 0.1
    main(words)
    assert float(rows_of(out)["rus"]["imports"]) > 0.8


def test_without_out_it_prints_aligned_columns(capsys):
    main([SMALL, "--counterfactual", "usa_only_1.5"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == HEADER.split(",")
    assert len(lines) == 6
    assert lines[4].split()[:2] == ["rus", "0.990113"]


def test_without_an_experiment_it_says_what_there_is(capsys):
    assert main([SMALL]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("1.000000") == 20
    assert "--counterfactual deu_only_1.5 | " in printed.err


def test_an_unknown_counterfactual_is_refused():
    with pytest.raises(InputError, match="is unknown; did you mean"):
        main(["--debug", SMALL, "--counterfactual", "usa_onyl_1.5"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([SMALL, "counterfactual=usa_onyl_1.5"], "is unknown; did you mean 'usa_only_1.5'"),
        ([], "economy: missing argument 'DIR'; see sanctionsim economy --help"),
        ([SMALL, NAFTA], "is one word too many; see sanctionsim economy --help"),
        ([SMALL, "--out"], "--out must be followed by FILE.csv"),
        ([SMALL, "--out", "--tariffs"], "--out must be followed by FILE.csv"),
        ([SMALL, "--tarifs"], "option '--tarifs' is unknown; did you mean '--tariffs'"),
        ([SMALL, "--tariffs=yes"], "option '--tariffs' does not take a value"),
        ([SMALL, "counterfactul=deu_only_1.5"], "did you mean 'counterfactual'"),
    ],
)
def test_a_mistake_gets_one_line(words, says, capsys):
    assert main(words) == 2
    shown = capsys.readouterr()
    assert says in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_no_equilibrium_is_exit_code_1_and_no_file(tmp_path, capsys):
    folder = shutil.copytree(SMALL, tmp_path / "economy")
    table = (folder / "ntb_global_1.5.csv").read_text().splitlines()
    cut = [line[: line.rindex(",")] + ",inf" if ",rus,energy," in line else line for line in table]
    (folder / "ntb_cut.csv").write_text("\n".join(cut) + "\n")
    out = tmp_path / "result.csv"
    assert main([str(folder), "--counterfactual", "cut", "--out", str(out)]) == 1
    assert "rus is cut off from every seller of energy" in capsys.readouterr().err
    assert not out.exists()


def test_help_does_not_wait_for_the_compiler():
    check = (
        "import sys; from sim.cli import main; assert main(['economy', '--help']) == 0; "
        "assert not {'numba', 'numpy', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", check], check=True, stdout=subprocess.DEVNULL)
