"""subprocess and os.system."""

from unblocker.catalog.base import Entry, Example, Family

FAMILY = Family(
    name="subprocess",
    title="Subprocesses",
    summary="A child process may do anything; waiting for it goes to a worker thread, and nothing overlaps with it.",
    entries=(
        Entry(
            "run",
            (
                "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
                "subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen",
                "subprocess.Popen.communicate", "subprocess.Popen.wait",
            ),
            "subprocess",
            "offload",
            reads=("unknown",),
            writes=("unknown",),
            raises=("builtins.OSError", "subprocess.SubprocessError"),
            examples=(
                Example(
                    'subprocess.run(["true"], check=True)\n'
                    'return JsonResponse({"products": Product.objects.count()})',
                    'subprocess.run(["true"], check=True)\n'
                    'return JsonResponse({"products": Product.objects.count()})',
                    why="The child could write to the database that is read next.",
                ),
            ),
        ),
    ),
)  # fmt: skip
