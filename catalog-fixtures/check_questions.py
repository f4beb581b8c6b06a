#!/usr/bin/env python3
"""Checks that every place that `questions.jsonl` calls relevant really says the answer, by other programs than ours.

For each question with an `answer` (texts of which one must stand there), the page of a manual is read with `pdftotext`
(Debian: poppler-utils), a product page by dropping its tags, a list of records by its record. White space counts as one blank. Prints what is wrong and
exits with 1.
"""
import html
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
CATALOG = HERE / "small"


def page_text(source):
    path, _, anchor = source.partition("#")
    if path.endswith(".pdf"):
        page = anchor.removeprefix("page=")
        command = ["pdftotext", "-layout", "-f", page, "-l", page, str(CATALOG / path), "-"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    text = (CATALOG / path).read_bytes().decode("utf-8", "replace")
    if path.endswith(".jsonl"):
        return "\n".join(record for record in text.splitlines() if f'"id": "{anchor}"' in record)
    text = re.sub(r"(?s)<(script|style).*?</\1>", " ", text)
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def main():
    wrong, places, seen = 0, 0, set()
    for line in (HERE / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if question["id"] in seen:
            wrong += 1
            print(f"{question['id']}: a second question has this id")
        seen.add(question["id"])
        for source in question["relevant"] if question.get("answer") else []:
            places += 1
            text = " ".join(page_text(source).split())
            if not any(answer in text for answer in question["answer"]):
                wrong += 1
                print(f"{question['id']}: {source} does not say any of {question['answer']}")
    print(f"{places} places checked, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
