#!/bin/bash
# Exit 0 when `serve` in this container is ready. The image holds no other program that speaks HTTP.
exec 3<>"/dev/tcp/127.0.0.1/${AUSKUNFT_LISTEN##*:}" || exit 1
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r _ status _ <&3
[ "$status" = 200 ]
