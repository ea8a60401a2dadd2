# Sets the home directory up once, from what Heimdall's own release has for mainnet, and runs Heimdall.
set -eu
home=${HEIMDALL_HOME:-/heimdall}
if [ ! -e "$home/complete" ]; then
	rm -rf "${home:?}"/config "${home:?}"/data
	heimdalld init "$MONIKER" --chain-id heimdallv2-137 --home "$home"
	templates="https://raw.githubusercontent.com/0xPolygon/heimdall-v2/v$HEIMDALL_VERSION/packaging/templates/config/mainnet"
	for file in app.toml config.toml; do
		wget -qO "$home/config/$file" "$templates/$file"
	done
	# Three gigabytes.
	wget -qO "$home/config/genesis.json" \
		https://storage.googleapis.com/mainnet-heimdallv2-genesis/migrated_dump-genesis.json
	touch "$home/complete"
fi
ethereum=$(printf '%s' "$ETH_RPC_URL" | sed 's/[&\\]/\\&/g')
unset ETH_RPC_URL
sed -i \
	-e "s|^eth_rpc_url *=.*|eth_rpc_url = \"$ethereum\"|" \
	-e 's|^bor_rpc_url *=.*|bor_rpc_url = "http://bor:8545"|' \
	"$home/config/app.toml"
exec heimdalld start --home "$home"
