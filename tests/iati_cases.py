"""iati_cases.py: the rule checker held against the official examples with their verdicts. Needs ../shared, and is skipped where that is absent."""
import os
import sys

from iati_rules import run_cases

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLES = os.path.join(os.path.dirname(ROOT), "shared", "data", "iati", "examples")

if not os.path.exists(EXAMPLES):
    print("SKIP iati_rules: ../shared is not there")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)
sys.exit(run_cases(EXAMPLES))
