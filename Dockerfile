# syntax=docker/dockerfile:1.7
# Both programs and the PDF library in one small image: `docker build --tag auskunft:0.1.0 .`

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked -p ingest -p serve \
    && install -D -s -t /programs target/release/ingest target/release/serve

# libpdfium, pinned by SHA-256. The embedding model stays out of the image; docs/servers.md tells how it is given.
FROM rust:1.95.0-slim-bookworm AS assets
RUN apt-get update && apt-get install --yes --no-install-recommends python3 python3-pip && rm -rf /var/lib/apt/lists/*
COPY scripts/fetch-assets.py scripts/assets.lock /scripts/
RUN python3 /scripts/fetch-assets.py --cache /assets --only libpdfium

FROM debian:trixie-20260918-slim
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/auskunft --create-home auskunft \
    && install --directory --owner auskunft --group auskunft /var/lib/originals
COPY --from=build /programs/ /usr/local/bin/
COPY --from=assets /assets/pdfium/ /usr/local/lib/auskunft/pdfium/
COPY --chmod=0755 deploy/healthy.sh /usr/local/bin/auskunft-healthy
ENV AUSKUNFT_DATA_DIR=/var/lib/auskunft/data \
    AUSKUNFT_CACHE_DIR=/var/lib/auskunft/cache \
    AUSKUNFT_PDFIUM=/usr/local/lib/auskunft/pdfium/libpdfium.so
USER 10001:10001
WORKDIR /var/lib/auskunft
VOLUME /var/lib/auskunft
EXPOSE 8080
CMD ["serve"]
