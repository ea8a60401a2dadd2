# Unpacks a snapshot into an empty volume, if there is one to be had, and runs Bor.
set -eu
home=${BOR_HOME:-/bor}
chaindata=$home/bor/chaindata
if [ -n "$SNAPSHOT_URL" ] && [ ! -e "$chaindata.complete" ]; then
	apk add --no-cache zstd lz4 tar
	rm -rf "$chaindata"
	mkdir -p "$chaindata"
	case $SNAPSHOT_URL in
	*.zst) unpack='zstd -dc' ;;
	*.lz4) unpack='lz4 -dc' ;;
	*.gz) unpack='gzip -dc' ;;
	*) unpack=cat ;;
	esac
	set -o pipefail
	wget -qO- "$SNAPSHOT_URL" | $unpack | tar -x -C "$chaindata"
	touch "$chaindata.complete"
fi
exec bor server --chain mainnet --identity "$MONIKER" --datadir "$home" --bor.heimdall http://heimdall:1317 \
	--syncmode full --maxpeers "$MAX_PEERS" \
	--http --http.addr 0.0.0.0 --http.port 8545 --http.vhosts '*' --http.api eth,net,web3,bor
