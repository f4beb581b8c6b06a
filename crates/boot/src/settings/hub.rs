//! Where models are fetched from, under the names that Hugging Face gives its settings
//! (<https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables>).

use super::layers::Layers;
use super::{Secret, keys, parse};

/// Where models are fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubSettings {
    /// The hub or a mirror of it, without a slash at its end.
    pub endpoint: String,
    /// Opens models that are not for everybody.
    pub token: Option<Secret>,
}

impl HubSettings {
    pub(super) fn read(layers: &mut Layers<'_>) -> Self {
        let endpoint = layers.take(keys::HF_ENDPOINT, None, parse::web_address, String::clone);
        let token = layers.take(keys::HF_TOKEN, None, parse::secret, ToString::to_string);
        Self { endpoint: endpoint.unwrap_or_default(), token }
    }
}
