//! Where traces are sent, under the names that OpenTelemetry gives its settings
//! (<https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>).

use super::layers::Layers;
use super::parse::Parsed;
use super::{Secret, keys, parse};

/// Where spans go under the endpoint, and what of a share is counted in.
const PATH: &str = "/v1/traces";
const MILLION: f64 = 1_000_000.0;

/// Where traces are sent, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceSettings {
    /// Where spans are posted to.
    pub url: String,
    /// Headers of every post, e.g. a key of the collector.
    pub headers: Vec<(String, Secret)>,
    /// How long a post may take, in milliseconds.
    pub timeout_ms: u64,
    /// The name of the service in traces.
    pub service_name: String,
    /// What else is told of this process.
    pub resource: Vec<(String, String)>,
    /// Which requests are traced.
    pub sampling: Sampling,
    /// Spans that may wait to be sent; more are dropped and counted.
    pub queue: usize,
}

/// Which requests are traced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    /// Whether the caller decides where it is traced itself.
    pub follows_caller: bool,
    /// Of a million traces, so many.
    pub per_million: u32,
}

impl TraceSettings {
    /// All settings are read and judged, also where no endpoint is stated: then there are no traces.
    pub(super) fn read(layers: &mut Layers<'_>) -> Option<Self> {
        let endpoint = layers.take(keys::OTLP_ENDPOINT, None, parse::web_address, String::clone);
        let headers = layers.take(keys::OTLP_HEADERS, None, headers, |_| String::new());
        layers.take(keys::OTLP_PROTOCOL, None, protocol, String::clone);
        let timeout_ms = layers.positive(keys::OTLP_TIMEOUT);
        let service_name = layers.take(keys::SERVICE_NAME, None, parse::text, String::clone);
        let resource = layers.take(keys::RESOURCE_ATTRIBUTES, None, pairs, show_pairs);
        let sampler = layers.take(keys::TRACES_SAMPLER, None, sampler, String::clone);
        let share = layers.take(keys::TRACES_SAMPLER_ARG, None, per_million, show_share);
        let queue = layers.positive(keys::SPAN_QUEUE);
        Some(Self {
            url: format!("{}{PATH}", endpoint?),
            headers: headers.unwrap_or_default(),
            timeout_ms,
            service_name: service_name.unwrap_or_default(),
            resource: resource.unwrap_or_default(),
            sampling: Sampling::of(&sampler.unwrap_or_default(), share.unwrap_or_default()),
            queue,
        })
    }
}

impl Sampling {
    fn of(sampler: &str, share: u32) -> Self {
        let (follows_caller, own) = match sampler.strip_prefix("parentbased_") {
            Some(own) => (true, own),
            None => (false, sampler),
        };
        let per_million = match own {
            "always_on" => MILLION as u32,
            "always_off" => 0,
            _ => share,
        };
        Self { follows_caller, per_million }
    }
}

fn protocol(text: &str) -> Parsed<String> {
    match text {
        "http/protobuf" => Ok(text.to_owned()),
        other => {
            Err(format!("`{other}` is not spoken here; use `http/protobuf`, as a rule at the port 4318"))
        }
    }
}

fn sampler(text: &str) -> Parsed<String> {
    let own = text.strip_prefix("parentbased_").unwrap_or(text);
    if ["always_on", "always_off", "traceidratio"].contains(&own) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "there is no sampler `{text}`; use `always_on`, `always_off` or `traceidratio`, or these behind `parentbased_`"
    ))
}

fn per_million(text: &str) -> Parsed<u32> {
    let share: f64 = text.parse().map_err(|_| format!("`{text}` is no number from 0 to 1"))?;
    if (0.0..=1.0).contains(&share) {
        Ok((share * MILLION).round() as u32)
    } else {
        Err(format!("`{text}` is no number from 0 to 1"))
    }
}

fn show_share(per_million: &u32) -> String {
    (f64::from(*per_million) / MILLION).to_string()
}

/// Never quotes what was stated: it is a secret.
fn headers(text: &str) -> Parsed<Vec<(String, Secret)>> {
    const FORM: &str = "it is no list like name=value,name=value, with other signs than visible ASCII as %20";
    let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&sign);
    let header = |(name, value): (String, String)| {
        let is_good = name.bytes().all(is_sign) && value.bytes().all(|sign| (b' '..=b'~').contains(&sign));
        is_good.then(|| (name, Secret::new(&value)))
    };
    let pairs = pairs(text).map_err(|_| FORM.to_owned())?;
    pairs.into_iter().map(header).collect::<Option<Vec<_>>>().ok_or_else(|| FORM.to_owned())
}

/// `name=value,name=value`; signs of a value may stand as `%2C`.
fn pairs(text: &str) -> Parsed<Vec<(String, String)>> {
    let wrong = || "it is no list like name=value,name=value, with commas of a value as %2C".to_owned();
    let pair = |text: &str| {
        let (name, value) = text.split_once('=')?;
        let name = name.trim();
        (!name.is_empty()).then_some(())?;
        Some((name.to_owned(), decoded(value.trim())?))
    };
    let stated = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    stated.map(|text| pair(text).ok_or_else(wrong)).collect()
}

#[expect(clippy::ptr_arg, reason = "it stands where a function of the parsed type is wanted")]
fn show_pairs(pairs: &Vec<(String, String)>) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
}

/// Takes back percent-encoding (RFC 3986 §2.1).
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first == b'%' {
            let digits = std::str::from_utf8(behind.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &behind[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_decoded_and_never_quoted() {
        let read = headers("authorization=Basic%20Z2Vo=, x-scope = a").unwrap();
        let shown: Vec<_> = read.iter().map(|(name, value)| (name.as_str(), value.reveal())).collect();
        assert_eq!(shown, [("authorization", "Basic Z2Vo="), ("x-scope", "a")]);
        for wrong in ["geheim", "na me=geheim", "a=geheim%0A", "a=geheim%2"] {
            assert!(!headers(wrong).unwrap_err().contains("geheim"), "{wrong}");
        }
    }

    #[test]
    fn a_sampler_says_who_decides_and_how_many() {
        let of = |name: &str, share| Sampling::of(&sampler(name).unwrap(), per_million(share).unwrap());
        let sampling = |follows_caller, per_million| Sampling { follows_caller, per_million };
        assert_eq!(of("parentbased_always_on", "0.5"), sampling(true, 1_000_000));
        assert_eq!(of("parentbased_traceidratio", "0.05"), sampling(true, 50_000));
        assert_eq!(
            (of("always_off", "1"), of("traceidratio", "1")),
            (sampling(false, 0), sampling(false, 1_000_000))
        );
        assert!(
            sampler("jaeger_remote").is_err() && per_million("1.1").is_err() && per_million("NaN").is_err()
        );
    }
}
