"""Several projects work on the programs of one run at the same time: each program is tried once."""

from concurrent.futures import ThreadPoolExecutor

from tools.fuzz_convert.__main__ import Run


def test_each_program_is_tried_once(capsys):
    run = Run(range(30, 33), 2)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run.work) for _ in range(2)]:
            done.result()
    assert sorted(each.program.seed for each in run.tried) == [30, 31, 32]
    assert run.differing == []
    assert "3 of 3 programs, 0 differ" in capsys.readouterr().out
