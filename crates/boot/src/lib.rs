//! What both programs do before real work: settings, telemetry, shutdown.
