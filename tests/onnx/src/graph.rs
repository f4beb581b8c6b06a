//! The network of a BERT encoder as a graph of ONNX operators.

use anyhow::{Context as _, ensure};
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;

use crate::protobuf::{Kind, Message, float_attribute, number_attribute, operators, tensor, value};

/// Where ONNX Runtime's own operators live.
const FUSED: &str = "com.microsoft";
/// What a network takes: rows of token numbers, of ones and zeros, and of zeros.
const INPUTS: [&str; 3] = ["input_ids", "attention_mask", "token_type_ids"];
const OUTPUT: &str = "last_hidden_state";

/// The bytes of an ONNX file for the weights of a BERT model.
pub(crate) fn network(weights: &[u8], config: &Value) -> anyhow::Result<Vec<u8>> {
    let number = |name: &str| config[name].as_u64().with_context(|| format!("config.json has no {name}"));
    let epsilon = config["layer_norm_eps"].as_f64().context("config.json has no layer_norm_eps")? as f32;
    let mut graph =
        Graph { file: SafeTensors::deserialize(weights)?, epsilon, nodes: Vec::new(), weights: Vec::new() };
    graph.embed()?;
    let (layers, heads) = (number("num_hidden_layers")?, number("num_attention_heads")?);
    for layer in 0..layers {
        graph.layer(layer, heads)?;
    }
    graph.node("Identity", &[&rows(layers)], OUTPUT, "", vec![]);
    let hidden = number("hidden_size")?.to_string();
    let graph = Message::default()
        .each(1, graph.nodes)
        .bytes(2, "encoder")
        .each(5, graph.weights)
        .each(11, INPUTS.map(|name| value(name, Kind::Int64, &["texts", "length"])))
        .bytes(12, value(OUTPUT, Kind::Float, &["texts", "length", &hidden]));
    let model = Message::default().number(1, 9).bytes(2, "auskunft").bytes(7, graph);
    Ok(model.each(8, [operators("", 18), operators(FUSED, 1)]).into_bytes())
}

/// The name of the rows that layer `number` reads.
fn rows(number: u64) -> String {
    format!("rows.{number}")
}

struct Graph<'a> {
    file: SafeTensors<'a>,
    epsilon: f32,
    nodes: Vec<Message>,
    weights: Vec<Message>,
}

/// A matrix of the file.
struct Matrix {
    shape: Vec<usize>,
    numbers: Vec<f32>,
}

impl Graph<'_> {
    fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        domain: &str,
        attributes: Vec<Message>,
    ) {
        let outputs: &[&str] =
            if operator == "EmbedLayerNormalization" { &[output, "lengths"] } else { &[output] };
        let node = Message::default().each(1, inputs).each(2, outputs).bytes(3, output).bytes(4, operator);
        self.nodes.push(node.each(5, attributes).bytes(7, domain));
    }

    fn read(&self, name: &str) -> anyhow::Result<Matrix> {
        let found = self.file.tensor(name)?;
        ensure!(found.dtype() == Dtype::F32, "{name} is no matrix of 32-bit numbers");
        let (numbers, _) = found.data().as_chunks::<4>();
        let numbers = numbers.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        Ok(Matrix { shape: found.shape().to_vec(), numbers })
    }

    fn keep(&mut self, name: &str, matrix: &Matrix) {
        self.weights.push(tensor(name, &matrix.shape, &matrix.numbers));
    }

    /// A tensor of the file under its own name.
    fn stored(&mut self, name: &str) -> anyhow::Result<String> {
        let matrix = self.read(name)?;
        self.keep(name, &matrix);
        Ok(name.to_owned())
    }

    fn norm(&mut self, name: &str) -> anyhow::Result<[String; 2]> {
        Ok([self.stored(&format!("{name}.weight"))?, self.stored(&format!("{name}.bias"))?])
    }

    /// Words, positions and token types, normalised. The operators want 32-bit numbers.
    fn embed(&mut self) -> anyhow::Result<()> {
        for name in INPUTS {
            let attributes = vec![number_attribute("to", Kind::Int32 as u64)];
            self.node("Cast", &[name], &format!("{name}.32"), "", attributes);
        }
        let mut inputs = vec!["input_ids.32".to_owned(), "token_type_ids.32".to_owned()];
        for table in ["word", "position", "token_type"] {
            inputs.push(self.stored(&format!("embeddings.{table}_embeddings.weight"))?);
        }
        inputs.extend(self.norm("embeddings.LayerNorm")?);
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let attributes = vec![float_attribute("epsilon", self.epsilon)];
        self.node("EmbedLayerNormalization", &inputs, &rows(0), FUSED, attributes);
        Ok(())
    }

    fn layer(&mut self, number: u64, heads: u64) -> anyhow::Result<()> {
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        let input = rows(number);
        let parts = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        let (matrix, bias) = self.side_by_side(&parts)?;
        let attended = name("attended");
        let attributes = vec![number_attribute("num_heads", heads)];
        let inputs = [input.as_str(), &matrix, &bias, "attention_mask.32"];
        self.node("Attention", &inputs, &attended, FUSED, attributes);
        let middle = name("middle");
        self.project_and_add(&attended, &input, &name("attention.output"), &middle)?;
        let wide = self.product(&middle, &name("intermediate.dense"))?;
        let bias = self.stored(&name("intermediate.dense.bias"))?;
        self.node("BiasGelu", &[&wide, &bias], &name("gelu"), FUSED, vec![]);
        self.project_and_add(&name("gelu"), &middle, &name("output"), &rows(number + 1))
    }

    /// A product, its bias, the rows before it and their normalisation.
    fn project_and_add(&mut self, input: &str, before: &str, name: &str, output: &str) -> anyhow::Result<()> {
        let product = self.product(input, &format!("{name}.dense"))?;
        let [scale, shift] = self.norm(&format!("{name}.LayerNorm"))?;
        let bias = self.stored(&format!("{name}.dense.bias"))?;
        let attributes = vec![float_attribute("epsilon", self.epsilon)];
        let inputs = [product.as_str(), before, &scale, &shift, &bias];
        self.node("SkipLayerNormalization", &inputs, output, FUSED, attributes);
        Ok(())
    }

    /// `input` times a matrix of the file, which stands there as [outputs, inputs].
    fn product(&mut self, input: &str, name: &str) -> anyhow::Result<String> {
        let matrix = self.read(&format!("{name}.weight"))?.transposed();
        let (weight, output) = (format!("{name}.weight"), format!("{name}.product"));
        self.keep(&weight, &matrix);
        self.node("MatMul", &[input, &weight], &output, "", vec![]);
        Ok(output)
    }

    /// Linear maps of the same input as one, [inputs, all outputs].
    fn side_by_side(&mut self, names: &[String; 3]) -> anyhow::Result<(String, String)> {
        let mut parts = Vec::new();
        let mut bias = Matrix { shape: vec![0], numbers: Vec::new() };
        for name in names {
            parts.push(self.read(&format!("{name}.weight"))?.transposed());
            bias.numbers.extend(self.read(&format!("{name}.bias"))?.numbers);
        }
        let (inputs, width) = (parts[0].shape[0], parts[0].shape[1]);
        let row =
            |row: usize| parts.iter().flat_map(move |part| &part.numbers[row * width..(row + 1) * width]);
        let matrix =
            Matrix { shape: vec![inputs, 3 * width], numbers: (0..inputs).flat_map(row).copied().collect() };
        bias.shape = vec![bias.numbers.len()];
        let (weight_name, bias_name) = (format!("{}.all.weight", names[0]), format!("{}.all.bias", names[0]));
        self.keep(&weight_name, &matrix);
        self.keep(&bias_name, &bias);
        Ok((weight_name, bias_name))
    }
}

impl Matrix {
    fn transposed(self) -> Self {
        let (rows, columns) = (self.shape[0], self.shape[1]);
        let numbers = (0..columns).flat_map(|column| (0..rows).map(move |row| (row, column)));
        Self {
            numbers: numbers.map(|(row, column)| self.numbers[row * columns + column]).collect(),
            shape: vec![columns, rows],
        }
    }
}
