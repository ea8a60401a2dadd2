// SPDX-License-Identifier: Apache-2.0

package acctest_test

// call is one use of a system as a module.
type call struct {
	// folder is below [systemsDir]; the module has the same name unless name says otherwise.
	name, folder string
	// arguments are what a user has to say, updated what is said later on; both are lines of HCL.
	arguments, updated string
	// service has the variable before, and after the update the variable after. Both are NAME=value, where {secret} and
	// {external} stand for [secret] and the address that the first apply told. A system without service has no lease_id.
	service, before, after string
}

const protected = "deletion_protection = false\n"

// calls are all systems, some twice.
var calls = []call{
	{
		folder: "backup-to-s3", arguments: bucket + "  s3_bucket_path = \"box/folder\"\n  password = var.secret\n" +
			"  backup_passphrase = var.secret\n",
		updated: protected + "  backup_interval_seconds = 600\n",
		service: "folder", before: "INTERVAL_SECONDS=3600", after: "INTERVAL_SECONDS=600",
	},
	{
		folder: "container-registry", arguments: bucket + "  s3_bucket = \"box\"\n  domain = \"registry.example.com\"\n" +
			"  htpasswd = var.secret\n  http_secret = var.secret\n",
		updated: "  read_only = true\n",
		service: "registry", before: `REGISTRY_STORAGE_MAINTENANCE_READONLY={"enabled":false}`,
		after: `REGISTRY_STORAGE_MAINTENANCE_READONLY={"enabled":true}`,
	},
	{
		folder: "cosmos-node", updated: protected + "  moniker = \"later\"\n",
		service: "node", before: "MONIKER=akash-node", after: "MONIKER=later",
	},
	{
		name: "cosmos-sentry", folder: "cosmos-node",
		arguments: "  chain = \"osmosis\"\n  mode = \"sentry\"\n",
		updated:   protected + "  validator_node_ids = [\"aa\", \"bb\"]\n",
		service:   "node", before: "OSMOSISD_P2P_PRIVATE_PEER_IDS=", after: "OSMOSISD_P2P_PRIVATE_PEER_IDS=aa,bb",
	},
	{
		name: "cosmos-snapshot", folder: "cosmos-node",
		arguments: bucket + "  chain = \"kava\"\n  mode = \"snapshot\"\n  snapshot_path = \"box/kava\"\n",
		updated:   protected + "  snapshot_time = \"05:00:00\"\n",
		service:   "node", before: "SNAPSHOT_TIME=03:00:00", after: "SNAPSHOT_TIME=05:00:00",
	},
	{
		folder: "jupyter", arguments: "  token = var.secret\n", updated: protected + "  packages = [\"jupyterlab==4.4.9\"]\n",
		service: "jupyter", before: "PACKAGES=jupyterlab==4.4.10 pandas==2.3.3", after: "PACKAGES=jupyterlab==4.4.9",
	},
	{
		folder: "minecraft", arguments: "  accept_eula = true\n  rcon_password = var.secret\n",
		updated: protected + "  max_players = 20\n", service: "minecraft", before: "MAX_PLAYERS=10", after: "MAX_PLAYERS=20",
	},
	{
		folder: "nextcloud", arguments: bucket + "  s3_bucket = \"box\"\n  domain = \"cloud.example.com\"\n",
		updated: protected + "  upload_limit = \"1G\"\n",
		service: "nextcloud", before: "PHP_UPLOAD_LIMIT=512M", after: "PHP_UPLOAD_LIMIT=1G",
	},
	{
		folder: "ollama", arguments: "  api_token = var.secret\n", updated: "  models = [\"qwen3:8b\", \"gemma3:4b\"]\n",
		service: "ollama", before: "MODELS=qwen3:8b", after: "MODELS=qwen3:8b gemma3:4b",
	},
	{
		folder: "pkt-miner", arguments: "  wallet = \"pkt1qexample\"\n  miners = 1\n",
		updated: "  pools = [\"http://pool.example.com\"]\n  miners = 2\n",
	},
	{
		folder: "polygon-node", arguments: "  ethereum_rpc_url = \"https://eth.example.com/${var.secret}\"\n",
		updated: protected + "  max_peers = 80\n", service: "bor", before: "MAX_PEERS=50", after: "MAX_PEERS=80",
	},
	{
		folder: "radicle-seed", updated: protected + "  external_address = \"{external}\"\n",
		service: "seed", before: "RAD_ALIAS=akash-seed", after: "RAD_EXTERNAL_ADDR={external}",
	},
	{
		name: "radicle-address", folder: "radicle-seed", arguments: "  leased_address = true\n",
		updated: protected + "  alias = \"later\"\n",
		service: "seed", before: "RAD_ALIAS=akash-seed", after: "RAD_ALIAS=later",
	},
	{
		folder: "vllm", arguments: "  api_key = var.secret\n",
		updated: "  hugging_face_token = var.secret\n  secrets_version = 2\n",
		service: "vllm", before: "VLLM_API_KEY={secret}", after: "HF_TOKEN={secret}",
	},
	{
		folder: "vpn", arguments: "  auth_key = var.secret\n", updated: "  hostname = \"later\"\n",
		service: "vpn", before: "TS_HOSTNAME=akash-exit", after: "TS_HOSTNAME=later",
	},
	{
		folder: "wordpress-dns", arguments: "  domain = \"blog.example.com\"\n  db_password = var.secret\n",
		updated: protected + "  debug = true\n",
		service: "wordpress", before: "WORDPRESS_DEBUG=", after: "WORDPRESS_DEBUG=1",
	},
}

const (
	bucket = "  s3_access_key = var.secret\n  s3_secret_key = var.secret\n"
	// secret is long enough for every system, and nowhere else.
	secret = "systems-5b1f0c9e-of-twenty-four"
)
