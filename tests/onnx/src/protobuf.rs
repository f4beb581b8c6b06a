//! Messages of ONNX in protobuf's wire format (<https://protobuf.dev/programming-guides/encoding/>), as far as a network needs them. The
//! numbers of the fields are those of `onnx.proto`.

/// `TensorProto.DataType`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Float = 1,
    Int32 = 6,
    Int64 = 7,
}

/// A message under construction.
#[derive(Debug, Default)]
pub(crate) struct Message(Vec<u8>);

impl Message {
    /// A whole number.
    pub(crate) fn number(mut self, field: u64, value: u64) -> Self {
        self.variable(field << 3);
        self.variable(value);
        self
    }

    /// A 32-bit number with a fraction.
    pub(crate) fn float(mut self, field: u64, value: f32) -> Self {
        self.variable(field << 3 | 5);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// A text, bytes, or what another message holds.
    pub(crate) fn bytes(mut self, field: u64, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref();
        self.variable(field << 3 | 2);
        self.variable(value.len() as u64);
        self.0.extend(value);
        self
    }

    /// The same field for each value.
    pub(crate) fn each<T: AsRef<[u8]>>(self, field: u64, values: impl IntoIterator<Item = T>) -> Self {
        values.into_iter().fold(self, |message, value| message.bytes(field, value))
    }

    /// What it holds so far.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Seven bits a byte, the lowest first.
    fn variable(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

impl AsRef<[u8]> for Message {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// `AttributeProto` with a fraction.
pub(crate) fn float_attribute(name: &str, value: f32) -> Message {
    Message::default().bytes(1, name).float(2, value).number(20, 1)
}

/// `AttributeProto` with a whole number.
pub(crate) fn number_attribute(name: &str, value: u64) -> Message {
    Message::default().bytes(1, name).number(3, value).number(20, 2)
}

/// `TensorProto` of 32-bit numbers in little-endian order.
pub(crate) fn tensor(name: &str, shape: &[usize], numbers: &[f32]) -> Message {
    let shaped = shape.iter().fold(Message::default(), |message, &size| message.number(1, size as u64));
    let raw: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    shaped.number(2, Kind::Float as u64).bytes(8, name).bytes(9, raw)
}

/// `ValueInfoProto`: a tensor with these names for its sizes, or a number where a size is known.
pub(crate) fn value(name: &str, kind: Kind, sizes: &[&str]) -> Message {
    let dimensions = sizes.iter().map(|size| match size.parse::<u64>() {
        Ok(known) => Message::default().number(1, known),
        Err(_) => Message::default().bytes(2, size),
    });
    let shape = Message::default().each(1, dimensions);
    let tensor = Message::default().number(1, kind as u64).bytes(2, shape);
    Message::default().bytes(1, name).bytes(2, Message::default().bytes(1, tensor))
}

/// `OperatorSetIdProto`.
pub(crate) fn operators(domain: &str, version: u64) -> Message {
    Message::default().bytes(1, domain).number(2, version)
}
