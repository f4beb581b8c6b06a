"""Computes the reference vectors that the encoder is tested against, and a tiny model for tests without assets.

Independent of the Rust code: a padding-free BERT in float64 with the exact error function, one text at a time. Needs
numpy, safetensors and tokenizers; the tests read the results only, so it runs by hand:

    python make_reference.py tiny       writes tiny-bert/ (random weights, fixed seed) and tiny-reference.json
    python make_reference.py MODEL_DIR  writes minilm-reference.json from a sentence-transformers model folder
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
ERF = np.vectorize(math.erf, otypes=[np.float64])

PARAGRAPH = (
    "Vor der ersten Inbetriebnahme füllen Sie den Wassertank mit frischem, kaltem Wasser und spülen das Gerät zweimal "
    "ohne Kaffeepulver durch. Achten Sie darauf, dass der Füllstand die Markierung „MAX“ nicht überschreitet. "
)
TEXTS = [
    "",
    " ",
    "?",
    "Rückgabe",
    "warranty",
    "Größe",
    "Wie entkalke ich meine Kaffeemaschine?",
    "How do I descale my coffee machine?",
    "Meine Kaffeemaschine blinkt gelb, was soll ich tun?",
    "Wo ist mein Paket?",
    "Welches Headset ist leiser?",
    "Stielsauger-Filterkartusche wechseln",
    "ÄÖÜ äöü ß — Straße, Fußgängerübergänge, Überprüfung",
    "Akku lädt nicht 🔋😡 bitte um Hilfe!!!",
    "KM-2400/S EAN 4006381333931",
    "1.299,00 € statt 1.499,00 € (inkl. 19 % MwSt.)",
    "12345 67890 3,5 mm 2.4 GHz 230 V~ 50/60 Hz",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "The jacket is waterproof up to a 10,000 mm water column and weighs 420 g in size M.",
    "Die Jacke ist bis 10.000 mm Wassersäule wasserdicht und wiegt 420 g in Größe M.",
    "You may return unworn shoes within 30 days of delivery; the refund is issued to the original payment method.",
    "Ungetragene Schuhe können Sie innerhalb von 30 Tagen nach Lieferung zurückgeben; wir erstatten auf dem "
    "ursprünglichen Zahlungsweg.",
    "Line one\nline two\twith a tab\r\nand\u00a0no-break spaces",
    "cafe\u0301 vs. café, re\u0301sume\u0301 vs. résumé",
    "电子产品 と Привет, mixed scripts in one text",
    "<b>HTML</b> &amp; {\"json\": [1, 2, 3]} [CLS] [SEP]",
    PARAGRAPH,
    PARAGRAPH * 3,
    PARAGRAPH * 6,
    "The vacuum cleaner loses suction when the filter is clogged or the tube is blocked. " * 14,
    "Der Staubsauger verliert Saugkraft, wenn der Filter verstopft ist. " * 60,
    "x" * 3000,
]
TINY_TEXTS = [
    "",
    "wie entkalke ich die kaffeemaschine",
    "Wo ist mein Paket?",
    "paket paket paket paket paket paket paket paket paket paket paket paket paket paket paket paket",
    "unbekanntes Wort",
]


def layer_norm(x, weights, name, epsilon):
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon) * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, weights, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def attention(x, weights, name, heads):
    length, width = x.shape

    def split(part):
        return linear(x, weights, f"{name}.self.{part}").reshape(length, heads, width // heads).transpose(1, 0, 2)

    query, key, value = split("query"), split("key"), split("value")
    scores = query @ key.transpose(0, 2, 1) / math.sqrt(width // heads)
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    scores /= scores.sum(axis=-1, keepdims=True)
    return (scores @ value).transpose(1, 0, 2).reshape(length, width)


def encode(ids, weights, config):
    epsilon = config["layer_norm_eps"]
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = x + weights["embeddings.token_type_embeddings.weight"][0]
    x = layer_norm(x, weights, "embeddings.LayerNorm", epsilon)
    for index in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{index}"
        context = attention(x, weights, f"{name}.attention", config["num_attention_heads"])
        x = x + linear(context, weights, f"{name}.attention.output.dense")
        x = layer_norm(x, weights, f"{name}.attention.output.LayerNorm", epsilon)
        wide = linear(x, weights, f"{name}.intermediate.dense")
        wide = wide * 0.5 * (1.0 + ERF(wide / math.sqrt(2.0)))
        x = x + linear(wide, weights, f"{name}.output.dense")
        x = layer_norm(x, weights, f"{name}.output.LayerNorm", epsilon)
    return x


def rounded(vector):
    return [round(float(value), 7) for value in vector / np.linalg.norm(vector)]


def vectors(folder, texts):
    config = json.loads((folder / "config.json").read_text())
    limit = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(limit)
    weights = {name: value.astype(np.float64) for name, value in load_file(folder / "model.safetensors").items()}
    for text in texts:
        ids = tokenizer.encode(text).ids
        hidden = encode(ids, weights, config)
        yield {"text": text, "tokens": len(ids), "mean": rounded(hidden.mean(axis=0)), "cls": rounded(hidden[0])}


def write(path, rows, drop=()):
    rows = [{key: value for key, value in row.items() if key not in drop} for row in rows]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(path.name, len(rows), "texts", path.stat().st_size, "bytes", sorted(row["tokens"] for row in rows))


def tiny_weights(config, words):
    random = np.random.default_rng(20260101)
    hidden, wide = config["hidden_size"], config["intermediate_size"]
    weights = {}

    def normal(name, *shape):
        weights[name] = random.normal(0.0, 0.4, shape).astype(np.float32)

    def norm(name):
        weights[name + ".weight"] = random.normal(1.0, 0.1, hidden).astype(np.float32)
        normal(name + ".bias", hidden)

    def dense(name, outputs, inputs):
        normal(name + ".weight", outputs, inputs)
        normal(name + ".bias", outputs)

    normal("embeddings.word_embeddings.weight", words, hidden)
    normal("embeddings.position_embeddings.weight", config["max_position_embeddings"], hidden)
    normal("embeddings.token_type_embeddings.weight", 2, hidden)
    norm("embeddings.LayerNorm")
    for index in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{index}"
        for part in ["self.query", "self.key", "self.value", "output.dense"]:
            dense(f"{name}.attention.{part}", hidden, hidden)
        norm(f"{name}.attention.output.LayerNorm")
        dense(f"{name}.intermediate.dense", wide, hidden)
        dense(f"{name}.output.dense", hidden, wide)
        norm(f"{name}.output.LayerNorm")
    return weights


def tiny_tokenizer(words):
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {word: index for index, word in enumerate(special + words)}
    ends = [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}]
    body = {"Sequence": {"id": "A", "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0},
        "padding": {"strategy": {"Fixed": 8}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
                    "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": [
            {"id": index, "content": word, "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": True} for index, word in enumerate(special)
        ],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing", "single": [ends[0], body, ends[1]], "pair": [ends[0], body, ends[1]],
            "special_tokens": {word: {"id": word, "ids": [vocabulary[word]], "tokens": [word]}
                               for word in ["[CLS]", "[SEP]"]},
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocabulary},
    }


def make_tiny(folder):
    words = "wie wo ist ich die mein paket entkalke kaffee ##maschine ? ! wort un ##bekannt ##es".split()
    config = {
        "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "hidden_size": 24,
        "intermediate_size": 40, "layer_norm_eps": 1e-12, "max_position_embeddings": 16, "num_attention_heads": 3,
        "num_hidden_layers": 2, "position_embedding_type": "absolute", "vocab_size": len(words) + 4,
    }
    pooling = {"word_embedding_dimension": 24, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    files = {"config.json": config, "tokenizer.json": tiny_tokenizer(words), "1_Pooling/config.json": pooling,
             "sentence_bert_config.json": {"max_seq_length": 12, "do_lower_case": False}}
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    save_file(tiny_weights(config, config["vocab_size"]), folder / "model.safetensors")


if __name__ == "__main__":
    if sys.argv[1] == "tiny":
        make_tiny(HERE / "tiny-bert")
        write(HERE / "tiny-reference.json", vectors(HERE / "tiny-bert", TINY_TEXTS))
    else:
        write(HERE / "minilm-reference.json", vectors(Path(sys.argv[1]), TEXTS), drop=("cls",))
