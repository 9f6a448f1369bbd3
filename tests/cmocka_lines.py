"""Run a cmocka program and end with the line that scripts/test.sh adds up."""
import re
import subprocess
import sys

run = subprocess.run(sys.argv[1:], capture_output=True, text=True, errors="replace", check=False)
out = run.stdout + run.stderr
passed = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test", out, re.M))
failed = sum(int(n) for n in re.findall(r"^\[  FAILED  \] .*?(\d+) test", out, re.M))
skipped = sum(int(n) for n in re.findall(r"^\[  SKIPPED \] .*?(\d+) test", out, re.M))
if run.returncode and not failed:
    failed = 1
if failed:
    print(out[-6000:])
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
