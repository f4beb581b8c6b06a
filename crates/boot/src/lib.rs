//! What both programs do before real work: settings, telemetry, shutdown, exit codes.
//!
//! It knows none of our other crates, and nobody else reads the environment. Start reading at [`settings::load`].

pub mod exit;
pub mod settings;
pub mod shutdown;
pub mod telemetry;

pub use exit::Code;
pub use settings::{
    DatabaseSettings, EmbedderChoice, Environment, Loaded, Overrides, Settings, SettingsError, VectorIndex,
};
pub use shutdown::Shutdown;
