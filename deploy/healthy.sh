#!/bin/bash
# Exit 0 when what listens in this container is ready: `serve`, or with arguments another port and path. The image holds no program that asks.
exec 3<>"/dev/tcp/127.0.0.1/${1:-${AUSKUNFT_LISTEN##*:}}" || exit 1
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "${2:-/health/ready}" >&3
read -r _ status _ <&3
[ "$status" = 200 ]
