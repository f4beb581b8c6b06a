"""Writes a part of MultiDoGO's table of turns as dialogs: python3 convert_dialogs.py media.dev.tsv > samples/dialogs-en/dialogs.jsonl

The table holds the customers' turns alone and does not say whether a problem was solved, so neither do the dialogs.
`personal` keeps what the table labels as a person's name, account, social security number or address.
"""

import csv
import itertools
import json
import sys

OTHERS = 20
PERSONAL = {"username": "name", "account_id": "account", "ssn": "ssn", "address": "address"}


def personal(text: str, labels: str) -> list[list[str]]:
    """Runs of words with the same label; a label counts where the table has one for each word."""
    words, labels = text.split(), labels.split()
    if len(words) != len(labels):
        return []
    runs = itertools.groupby(zip(words, labels), key=lambda pair: PERSONAL.get(pair[1]))
    return [[kind, " ".join(word for word, _ in run)] for kind, run in runs if kind]


def main() -> None:
    with open(sys.argv[1], newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    others = 0
    for name, turns in itertools.groupby(rows, key=lambda row: row["conversationId"]):
        turns = list(turns)
        found = [item for turn in turns for item in personal(turn["utterance"], turn["slot-labels"])]
        others += not found
        if found or others <= OTHERS:
            said = [{"from": "customer", "text": turn["utterance"]} for turn in turns]
            record = {"id": name, "language": "en", "personal": found, "turns": said}
            print(json.dumps(record, ensure_ascii=False))


main()
