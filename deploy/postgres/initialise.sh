#!/bin/sh
# Run by the image's entry point when its data folder is empty.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/database_password)" \
  --username postgres --file /etc/auskunft/auskunft.sql postgres
