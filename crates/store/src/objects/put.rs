//! Taking in a file: small ones in one piece, large ones in parts, each only when its bytes are those that it is named by.

use std::path::Path as FilePath;

use bytes::{Bytes, BytesMut};
use object_store::{MultipartUpload, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::Objects;
use crate::error::{Error, ErrorKind, Result};

const OPERATION: &str = "keep original";

/// Bytes of one part, and of the largest file that is written in one piece; S3 wants parts of 5 MB at least and 10,000 at most: files up to 80 GB.
const PART: usize = 8 << 20;

/// How taking in a file ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It lies there now.
    Written,
    /// Nothing was kept: the file is not what it was when its digest was made, or it can't be read. Says which, and what to do.
    Refused(String),
}

impl Objects {
    /// Keeps a file under the digest of its bytes (SHA-256, hexadecimal). Nobody sees a part of it.
    pub async fn put(&self, digest: &str, file: &FilePath) -> Result<Kept> {
        let refused =
            |error: std::io::Error| Ok(Kept::Refused(format!("`{}` can't be read: {error}", file.display())));
        let mut source = match File::open(file).await {
            Ok(source) => Source { file: source, hasher: Sha256::new() },
            Err(error) => return refused(error),
        };
        let first = match source.part().await {
            Ok(first) => first,
            Err(error) => return refused(error),
        };
        if first.len() < PART {
            if !source.is(digest) {
                return Ok(changed(file));
            }
            let put = self.store.put(&self.path(digest), PutPayload::from_bytes(first)).await;
            return put.map(|_| Kept::Written).map_err(|error| self.full_or_failed(&error));
        }
        let upload = self.store.put_multipart(&self.path(digest)).await;
        let mut upload = upload.map_err(|error| self.full_or_failed(&error))?;
        match self.parts(upload.as_mut(), &mut source, first).await {
            Ok(None) if source.is(digest) => {
                upload.complete().await.map_err(|error| self.full_or_failed(&error))?;
                Ok(Kept::Written)
            }
            ended => {
                if let Err(error) = upload.abort().await {
                    tracing::debug!(%error, "parts of an original stay behind");
                }
                match ended? {
                    Some(error) => refused(error),
                    None => Ok(changed(file)),
                }
            }
        }
    }

    /// Writes part by part; returns what kept the file from being read.
    async fn parts(
        &self,
        upload: &mut dyn MultipartUpload,
        source: &mut Source,
        first: Bytes,
    ) -> Result<Option<std::io::Error>> {
        let mut part = first;
        while !part.is_empty() {
            let put = upload.put_part(PutPayload::from_bytes(part)).await;
            put.map_err(|error| self.full_or_failed(&error))?;
            part = match source.part().await {
                Ok(part) => part,
                Err(error) => return Ok(Some(error)),
            };
        }
        Ok(None)
    }

    fn full_or_failed(&self, error: &object_store::Error) -> Error {
        let chain =
            std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |inner| inner.source());
        let is_full = |cause: &(dyn std::error::Error + 'static)| {
            cause
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::StorageFull)
        };
        if chain.into_iter().any(is_full) {
            let message =
                format!("the disk of `{}` is full; make space and run again, nothing is lost", self.place);
            return Error::new(ErrorKind::DiskFull, OPERATION, message);
        }
        self.failed(OPERATION, error)
    }
}

fn changed(file: &FilePath) -> Kept {
    Kept::Refused(format!("`{}` was changed while it was read; run again", file.display()))
}

/// A file, hashed as it is read.
struct Source {
    file: File,
    hasher: Sha256,
}

impl Source {
    /// The next part; shorter than [`PART`] only at the end, empty behind it.
    async fn part(&mut self) -> std::io::Result<Bytes> {
        let mut part = BytesMut::with_capacity(64 << 10);
        while part.len() < PART {
            part.reserve((PART - part.len()).min(1 << 20));
            if (&mut self.file).take((PART - part.len()) as u64).read_buf(&mut part).await? == 0 {
                break;
            }
        }
        self.hasher.update(&part);
        Ok(part.freeze())
    }

    fn is(&self, digest: &str) -> bool {
        let found = self.hasher.clone().finalize();
        found.iter().map(|byte| format!("{byte:02x}")).collect::<String>() == digest
    }
}
