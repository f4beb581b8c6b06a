use super::*;

fn key() -> Key {
    Key::new("0123456789abcdef0123456789abcdef").unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn agent() -> AgentId {
    AgentId::parse("A-01").unwrap()
}

/// A token of these parts, rightly signed.
fn signed(header: &str, payload: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = URL_SAFE_NO_PAD.encode(key().over(&signed).finalize().into_bytes());
    format!("{signed}.{signature}")
}

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const PAYLOAD: &str = r#"{"sub":"A-01","jti":"t-1","exp":2000}"#;

#[test]
fn a_token_names_its_agent_until_it_ends() {
    let token = mint(&key(), &agent(), at(1_000), at(1_060));
    let claims = verify(&key(), &token, at(1_059)).unwrap();
    assert_eq!((claims.agent, claims.expires), (agent(), at(1_060)));
    assert_eq!(verify(&key(), &token, at(1_060)), Err(TokenError::Expired));
    let other = mint(&key(), &agent(), at(1_000), at(1_060));
    assert_ne!(verify(&key(), &other, at(1_000)).unwrap().token_id, claims.token_id);
}

#[test]
fn the_example_of_the_standard_is_signed_alike() {
    // RFC 7515, appendix A.1: its payload has no subject, so only the signature can be held to it.
    let signed = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                  Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let secret = URL_SAFE_NO_PAD
        .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    let key = Key { hmac: Hmac::new_from_slice(&secret.unwrap()).unwrap(), audience: String::new() };
    let signature = URL_SAFE_NO_PAD.encode(key.over(signed).finalize().into_bytes());
    assert_eq!(signature, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(verify(&key, &format!("{signed}.{signature}"), at(1_300_000_000)), Err(TokenError::Malformed));
}

#[test]
fn another_key_and_every_changed_character_are_noticed() {
    let token = mint(&key(), &agent(), at(1_000), at(1_060));
    let other = Key::new("0123456789abcdef0123456789abcdeX").unwrap();
    assert_eq!(verify(&other, &token, at(1_000)), Err(TokenError::Signature));
    for place in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(verify(&key(), &changed, at(1_000)).is_err(), "{place}");
    }
}

#[test]
fn only_hs256_is_taken() {
    assert!(verify(&key(), &signed(HEADER, PAYLOAD), at(1_000)).is_ok());
    assert!(verify(&key(), &signed(r#"{"alg":"HS256"}"#, PAYLOAD), at(1_000)).is_ok());
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"None","typ":"JWT"}"#,
        r#"{"alg":"hs256"}"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":"HS512"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"HS256","crit":["exp"]}"#,
        r#"{"alg":"HS256","typ":"JWE"}"#,
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"typ":"JWT"}"#,
        "[]",
    ] {
        assert_eq!(
            verify(&key(), &signed(header, PAYLOAD), at(1_000)),
            Err(TokenError::Malformed),
            "{header}"
        );
    }
    let unsigned =
        format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(PAYLOAD));
    assert_eq!(verify(&key(), &unsigned, at(1_000)), Err(TokenError::Malformed));
}

#[test]
fn claims_must_be_there_and_of_their_kind() {
    for payload in [
        r#"{"jti":"t-1","exp":2000}"#,
        r#"{"sub":"A-01","exp":2000}"#,
        r#"{"sub":"A-01","jti":"t-1"}"#,
        r#"{"sub":"A-01","jti":"t-1","exp":"2000"}"#,
        r#"{"sub":"A-01","jti":"t-1","exp":1e300}"#,
        r#"{"sub":"A 01","jti":"t-1","exp":2000}"#,
        r#"{"sub":"A-01","jti":"","exp":2000}"#,
        r#"{"sub":"A-01","sub":"A-03","jti":"t-1","exp":2000}"#,
        "null",
    ] {
        assert_eq!(
            verify(&key(), &signed(HEADER, payload), at(1_000)),
            Err(TokenError::Malformed),
            "{payload}"
        );
    }
    let later = |begin: i64| format!(r#"{{"sub":"A-01","jti":"t-1","exp":2000,"nbf":{begin}}}"#);
    assert!(verify(&key(), &signed(HEADER, &later(1_030)), at(1_000)).is_ok(), "clocks differ a little");
    assert_eq!(verify(&key(), &signed(HEADER, &later(1_031)), at(1_000)), Err(TokenError::NotYet));
    let eternal = r#"{"sub":"A-01","jti":"t-1","exp":99999999}"#;
    assert_eq!(verify(&key(), &signed(HEADER, eternal), at(1_000)), Err(TokenError::TooLong));
    let past = r#"{"sub":"A-01","jti":"t-1","exp":-5}"#;
    assert_eq!(verify(&key(), &signed(HEADER, past), at(1_000)), Err(TokenError::Expired));
}

#[test]
fn a_token_for_others_is_refused() {
    let with = |audience: &str| {
        let payload = format!(r#"{{"sub":"A-01","jti":"t-1","exp":2000,"aud":{audience}}}"#);
        verify(&key(), &signed(HEADER, &payload), at(1_000)).map(|claims| claims.token_id)
    };
    for ours in [r#""auskunft""#, r#"["billing","auskunft"]"#] {
        assert_eq!(with(ours), Ok("t-1".to_owned()), "{ours}");
    }
    for others in [r#""billing""#, r#""Auskunft""#, r#"["billing"]"#, "[]"] {
        assert_eq!(with(others), Err(TokenError::Audience), "{others}");
    }
    assert_eq!(with("7"), Err(TokenError::Malformed));
    let billing = key().for_audience("billing");
    let minted = mint(&billing, &agent(), at(1_000), at(1_060));
    assert!(verify(&billing, &minted, at(1_000)).is_ok());
    assert_eq!(verify(&key(), &minted, at(1_000)), Err(TokenError::Audience));
}

#[test]
fn what_is_no_token_is_malformed() {
    let long = "a".repeat(LONGEST + 1);
    for text in ["", ".", "..", "...", "a.b", "a.b.c", "ü.ü.ü", "e30.e30.", long.as_str()] {
        assert_eq!(verify(&key(), text, at(0)), Err(TokenError::Malformed), "{text}");
    }
    let padded = format!("{}=", mint(&key(), &agent(), at(0), at(60)));
    assert_eq!(verify(&key(), &padded, at(0)), Err(TokenError::Malformed));
}
