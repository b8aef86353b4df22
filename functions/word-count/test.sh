#!/bin/sh
# Run with: sh test.sh
set -eu
cd "$(dirname "$0")"
export LANG=C.UTF-8

check() {
    answer=$(printf "$1" | QUERY_STRING=$2 ./count)
    [ "$answer" = "$3" ] || { echo "'$1' gave $answer instead of $3" >&2; exit 1; }
}

check 'so it goes, so it goes' 'top=2' \
    '{"lines":0,"words":6,"bytes":22,"top":[{"word":"goes","count":2},{"word":"it","count":2}]}'
check '' '' '{"lines":0,"words":0,"bytes":0,"top":[]}'
check 'Über über\nÄther\n' 'x=1&top=1' '{"lines":2,"words":3,"bytes":19,"top":[{"word":"über","count":2}]}'
check '"\\\\ 12 a' 'top=a' '{"lines":0,"words":3,"bytes":8,"top":[{"word":"a","count":1}]}'
echo 'word-count: ok'
