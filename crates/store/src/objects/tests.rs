use super::s3_stand_in::{BUCKET, KEY, StandIn};
use super::*;
use auskunft_model::Digest;

async fn read(objects: &Objects, digest: &str, wanted: Option<Wanted>) -> Option<(u64, Range<u64>, Vec<u8>)> {
    let found = objects.get(digest, wanted).await.unwrap()?;
    let (bytes, range) = (found.bytes, found.range.clone());
    let parts: Vec<Bytes> = found.stream.try_collect().await.unwrap();
    Some((bytes, range, parts.concat()))
}

#[tokio::test]
async fn a_file_is_kept_under_its_digest_and_read_whole_or_in_part() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(&folder.path().join("objects").display().to_string(), &[]).unwrap();
    // Larger than one part.
    let large: Vec<u8> = (0..9_000_000_u32).map(|place| (place % 251) as u8).collect();
    for content in [b"<html>Hallo</html>".as_slice(), b"", &large] {
        let file = folder.path().join("file");
        std::fs::write(&file, content).unwrap();
        let digest = Digest::of(content).to_string();
        assert_eq!(read(&objects, &digest, None).await, None);
        for _ in 0..2 {
            assert_eq!(objects.put(&digest, &file).await.unwrap(), Kept::Written);
        }
        let size = content.len() as u64;
        assert_eq!(read(&objects, &digest, None).await, Some((size, 0..size, content.to_vec())));
        assert_eq!(objects.size(&digest).await.unwrap(), Some(size));
    }
    let digest = Digest::of(&large).to_string();
    let part = |wanted| read(&objects, &digest, Some(wanted));
    assert_eq!(part(Wanted::Between(2, 4)).await, Some((9_000_000, 2..5, vec![2, 3, 4])));
    assert_eq!(part(Wanted::From(8_999_999)).await.unwrap().1, 8_999_999..9_000_000);
    assert_eq!(part(Wanted::Last(2)).await.unwrap().1, 8_999_998..9_000_000);
    assert_eq!(objects.digests().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_file_that_is_not_what_it_was_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(&folder.path().display().to_string(), &[]).unwrap();
    let digest = Digest::of(b"before").to_string();
    let large = vec![7_u8; PART_AND_MORE];
    for content in [b"after".as_slice(), &large] {
        let file = folder.path().join("page.html");
        std::fs::write(&file, content).unwrap();
        let Kept::Refused(why) = objects.put(&digest, &file).await.unwrap() else { panic!("it was kept") };
        assert!(why.contains("page.html") && why.contains("changed"), "{why}");
    }
    let Kept::Refused(why) = objects.put(&digest, &folder.path().join("gone.pdf")).await.unwrap() else {
        panic!("it was kept")
    };
    assert!(why.contains("gone.pdf"), "{why}");
    assert_eq!(objects.digests().await.unwrap(), HashSet::new());
}

const PART_AND_MORE: usize = (8 << 20) + 5;

#[tokio::test]
async fn what_nothing_names_goes_when_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(&folder.path().display().to_string(), &[]).unwrap();
    let mut digests = Vec::new();
    for content in ["a", "b"] {
        let file = folder.path().join("file");
        std::fs::write(&file, content).unwrap();
        digests.push(Digest::of(content.as_bytes()).to_string());
        objects.put(&digests[digests.len() - 1], &file).await.unwrap();
    }
    let named = HashSet::from([digests[0].clone()]);
    assert_eq!(objects.sweep(&named, Utc::now()).await.unwrap(), 0, "a run may be about to name it");
    assert_eq!(objects.sweep(&named, Utc::now() + TimeDelta::hours(25)).await.unwrap(), 1);
    assert_eq!(objects.digests().await.unwrap(), named);
}

#[test]
fn a_place_that_can_hold_nothing_is_refused() {
    let error = Objects::open("/proc/nowhere", &[]).unwrap_err();
    assert!(error.message.contains("/proc/nowhere") && error.message.contains("AUSKUNFT_OBJECTS"), "{error}");
    let error = Objects::open("s3://bucket", &[("aws_colour", "blue")]).unwrap_err();
    assert!(error.message.contains("s3://bucket"), "{error}");
}

#[tokio::test]
async fn a_bucket_does_what_a_folder_does() {
    let bucket = StandIn::start().await;
    let place = format!("s3://{BUCKET}/shop/de");
    let access = |key| {
        [
            ("aws_access_key_id", key),
            ("aws_secret_access_key", "geheim"),
            ("aws_region", "eu-central-1"),
            ("aws_endpoint_url", bucket.address.as_str()),
        ]
    };
    let objects = Objects::open(&place, &access(KEY)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file.pdf");
    let large = vec![3_u8; PART_AND_MORE];
    let mut digests = Vec::new();
    for content in [b"%PDF-1.7".as_slice(), &large] {
        std::fs::write(&file, content).unwrap();
        let digest = Digest::of(content).to_string();
        assert_eq!(objects.put(&digest, &file).await.unwrap(), Kept::Written);
        assert_eq!(
            read(&objects, &digest, None).await.map(|(bytes, _, content)| (bytes, content)),
            Some((content.len() as u64, content.to_vec()))
        );
        digests.push(digest);
    }
    let key = format!("shop/de/originals/{}/{}", &digests[0][..2], digests[0]);
    assert!(bucket.keys().contains(&key), "{:?}", bucket.keys());
    assert_eq!(
        read(&objects, &digests[0], Some(Wanted::Between(1, 3))).await,
        Some((8, 1..4, b"PDF".to_vec()))
    );
    assert_eq!(objects.size(&digests[1]).await.unwrap(), Some(PART_AND_MORE as u64));
    assert_eq!(read(&objects, &"0".repeat(64), None).await, None);
    assert!(
        matches!(objects.put(&digests[0], &file).await.unwrap(), Kept::Refused(_)),
        "the file is another one by now"
    );
    assert_eq!(objects.digests().await.unwrap(), digests.iter().cloned().collect::<HashSet<_>>());
    let kept = HashSet::from([digests[1].clone()]);
    assert_eq!(objects.sweep(&kept, "2026-11-23T00:00:00Z".parse().unwrap()).await.unwrap(), 1);
    assert_eq!(objects.digests().await.unwrap(), kept);
    let refused = Objects::open(&place, &access("ANOTHER")).unwrap().digests().await.unwrap_err();
    assert!(
        refused.kind == ErrorKind::Unavailable && refused.message.contains("AWS_ACCESS_KEY_ID"),
        "{refused}"
    );
    assert!(!refused.message.contains("geheim"));
}

#[tokio::test]
async fn a_bucket_holds_the_files_of_one_database_and_each_prefix_is_a_place_of_its_own() {
    let bucket = StandIn::start().await;
    let open = |prefix: &str| {
        let access = [
            ("aws_access_key_id", KEY),
            ("aws_secret_access_key", "geheim"),
            ("aws_region", "eu-central-1"),
            ("aws_endpoint_url", bucket.address.as_str()),
        ];
        Objects::open(&format!("s3://{BUCKET}/{prefix}"), &access).unwrap()
    };
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = crate::Database::open_embedded(one.path(), "test").await.unwrap();
    let other_folder = other.path().display().to_string();
    let other = crate::Database::open_embedded(other.path(), "test").await.unwrap();
    let objects = open("shop");
    for _ in 0..2 {
        objects.check_pairing(&one).await.unwrap();
    }
    let error = objects.check_pairing(&other).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotConfigured, "{error}");
    for named in [one.place(), &other_folder, "s3://files/shop", "AUSKUNFT_OBJECTS", "shop/originals-of.json"]
    {
        assert!(error.message.contains(named), "{named} is not named: {error}");
    }
    open("other").check_pairing(&other).await.unwrap();
    assert_eq!(objects.digests().await.unwrap(), HashSet::new(), "the mark is no file");
    let folder = Objects::open(&format!("{other_folder}/objects"), &[]).unwrap();
    folder.check_pairing(&one).await.unwrap();
    folder.check_pairing(&other).await.unwrap();
    one.close().await;
    other.close().await;
}
