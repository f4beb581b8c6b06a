"""The encoder as an ONNX file, assembled from the safetensors that the product reads.

Nothing is converted but the layout: the weights keep their 32 bits. The graph uses ONNX Runtime's fused operators (attention,
skip with layer normalisation, bias with GELU), which is what its own optimiser makes of an exported BERT.
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .settings import model_file, model_folder

FUSED = "com.microsoft"
LAYER_NORM_INPUTS = ("LayerNorm.weight", "LayerNorm.bias")


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """The 32-bit tensors of a file by name."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"])
    return tensors


class GraphBuilder:
    """Collects nodes and weights of a graph."""

    def __init__(self, tensors: dict[str, np.ndarray], epsilon: float) -> None:
        self.tensors = tensors
        self.epsilon = epsilon
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, values: np.ndarray) -> str:
        """Adds a tensor and returns its name."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def stored(self, name: str, transposed: bool = False) -> str:
        """Adds a tensor of the file."""
        values = self.tensors[name]
        return self.weight(name, values.T if transposed else values)

    def node(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        """Adds a node and returns its output's name."""
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def linear(self, rows: str, name: str, output: str) -> str:
        """`rows` times a weight, without its bias."""
        return self.node("MatMul", [rows, self.stored(f"{name}.weight", transposed=True)], output)

    def add_and_normalise(self, rows: str, skip: str, name: str, output: str) -> str:
        """Layer normalisation of `rows` with their bias and the residual `skip`."""
        scale, shift = (self.stored(f"{name}.{part}") for part in LAYER_NORM_INPUTS)
        bias = self.stored(f"{name}.dense.bias")
        return self.node("SkipLayerNormalization", [rows, skip, scale, shift, bias], output, FUSED, epsilon=self.epsilon)

    def layer(self, number: int, rows: str, heads: int) -> str:
        """One layer of the encoder."""
        name = f"encoder.layer.{number}"
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        matrix = self.weight(f"{name}.qkv.weight", np.concatenate([self.tensors[f"{p}.weight"].T for p in parts], axis=1))
        bias = self.weight(f"{name}.qkv.bias", np.concatenate([self.tensors[f"{part}.bias"] for part in parts]))
        attended = self.node("Attention", [rows, matrix, bias], f"{name}.attended", FUSED, num_heads=heads)
        projected = self.linear(attended, f"{name}.attention.output.dense", f"{name}.projected")
        middle = self.add_and_normalise(projected, rows, f"{name}.attention.output", f"{name}.middle")
        wide = self.linear(middle, f"{name}.intermediate.dense", f"{name}.wide")
        wide = self.node("BiasGelu", [wide, self.stored(f"{name}.intermediate.dense.bias")], f"{name}.gelu", FUSED)
        narrow = self.linear(wide, f"{name}.output.dense", f"{name}.narrow")
        return self.add_and_normalise(narrow, middle, f"{name}.output", f"{name}.rows")

    def embed_tokens(self, tokens: str) -> str:
        """Word, position and token type, normalised. All texts are of token type 0."""
        tables = [self.stored(f"embeddings.{table}_embeddings.weight") for table in ("word", "position", "token_type")]
        scale, shift = (self.stored(f"embeddings.{part}") for part in LAYER_NORM_INPUTS)
        zeros = self.node("Sub", [tokens, tokens], "types")
        inputs = [tokens, zeros, *tables, scale, shift]
        outputs = ["embedded", "mask_index"]
        self.nodes.append(helper.make_node("EmbedLayerNormalization", inputs, outputs, domain=FUSED, epsilon=self.epsilon))
        return outputs[0]

    def pool(self, rows: str) -> str:
        """The mean over a text's tokens, of length one."""
        axes = self.weight("axes", np.array([1], dtype=np.int64))
        mean = self.node("ReduceMean", [rows, axes], "mean", keepdims=0)
        return self.node("LpNormalization", [mean], "vectors", axis=1, p=2)


def build(folder: Path, target: Path) -> None:
    """Writes the model of a sentence-transformers folder (BERT, mean pooling, no padding) as an ONNX file."""
    config = json.loads((folder / "config.json").read_text())
    if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
        raise SystemExit(f"{folder} holds no BERT model with GELU; the peer knows no other")
    builder = GraphBuilder(read_safetensors(folder / "model.safetensors"), config["layer_norm_eps"])
    rows = builder.embed_tokens("tokens")
    for number in range(config["num_hidden_layers"]):
        rows = builder.layer(number, rows, config["num_attention_heads"])
    builder.pool(rows)
    graph = helper.make_graph(
        builder.nodes,
        "encoder",
        [helper.make_tensor_value_info("tokens", TensorProto.INT32, ["texts", "length"])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", config["hidden_size"]])],
        builder.weights,
    )
    domains = [helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)]
    model = helper.make_model(graph, opset_imports=domains, ir_version=9)
    unfinished = target.with_suffix(".part")
    onnx.save(model, unfinished)
    unfinished.replace(target)


def main() -> None:
    """Makes the model file where it is missing or older than the weights."""
    folder, target = model_folder(), model_file()
    weights = folder / "model.safetensors"
    if not weights.exists():
        raise SystemExit(f"{weights} is missing; `make assets` fetches the model")
    if not target.exists() or target.stat().st_mtime < weights.stat().st_mtime:
        build(folder, target)


if __name__ == "__main__":
    main()
