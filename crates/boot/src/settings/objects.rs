//! Where original files are kept.

use std::path::Path;

use super::layers::Layers;
use super::{Secret, keys, parse};

/// Where original files are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectSettings {
    /// A folder, or `s3://BUCKET/PREFIX`.
    pub place: String,
    /// What a bucket is reached with, under the names that S3 tools know in lower case; what nobody stated is left out.
    pub access: Vec<(&'static str, Secret)>,
}

impl ObjectSettings {
    pub(super) fn read(layers: &mut Layers<'_>, data_dir: &Path) -> Self {
        let stated = layers.take(keys::OBJECTS, None, parse::objects, String::clone);
        let place = stated.unwrap_or_else(|| data_dir.join("objects").display().to_string());
        layers.note_default(keys::OBJECTS, &place);
        let names = [
            ("aws_access_key_id", keys::AWS_ACCESS_KEY_ID),
            ("aws_secret_access_key", keys::AWS_SECRET_ACCESS_KEY),
            ("aws_session_token", keys::AWS_SESSION_TOKEN),
            ("aws_region", keys::AWS_REGION),
            ("aws_endpoint_url", keys::AWS_ENDPOINT_URL),
        ];
        let mut access = Vec::new();
        for (name, key) in names {
            let value = layers.take(key, None, parse::text, String::clone);
            access.extend(value.map(|value| (name, Secret::new(&value))));
        }
        Self { place, access }
    }
}
