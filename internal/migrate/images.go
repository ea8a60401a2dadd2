// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"path"
	"strings"
)

// floating tells whether an image's name may mean another image tomorrow.
func floating(image string) bool {
	if strings.Contains(image, "@") {
		return false
	}
	name := image[strings.LastIndex(image, "/")+1:]
	_, tag, tagged := strings.Cut(name, ":")
	return !tagged || tag == "latest"
}

// imageName is the last part of an image's name, without its tag.
func imageName(image string) string {
	image, _, _ = strings.Cut(image, "@")
	name, _, _ := strings.Cut(path.Base(image), ":")
	return name
}

// knownPorts are the ports that the software of an image listens at, as far as it is well known; nil for any other.
func knownPorts(image string) []uint32 {
	name := imageName(image)
	if ports, ok := imagePorts[path.Base(path.Dir(image))+"/"+name]; ok {
		return ports
	}
	return imagePorts[name]
}

// imagePorts are for services that name no port, since others may reach it all the same where they run now. The key is
// the last part of an image's name, or the last two where one alone says too little.
var imagePorts = map[string][]uint32{
	"postgres": {5432}, "postgresql": {5432}, "postgis": {5432}, "timescaledb": {5432}, "mysql": {3306},
	"mysql-server": {3306}, "mariadb": {3306}, "percona": {3306}, "mssql/server": {1433}, "azure-sql-edge": {1433},
	"mongo": {27017}, "mongodb": {27017}, "cassandra": {9042}, "couchdb": {5984}, "influxdb": {8086},
	"clickhouse-server": {8123}, "elasticsearch": {9200}, "opensearch": {9200},
	"redis": {6379}, "redismod": {6379}, "redis-stack": {6379}, "valkey": {6379}, "keydb": {6379}, "memcached": {11211},
	"rabbitmq": {5672, 15672}, "nats": {4222}, "kafka": {9092}, "zookeeper": {2181}, "etcd": {2379}, "minio": {9000},
	"consul": {8500, 8600}, "vault": {8200}, "nginx": {80}, "httpd": {80}, "caddy": {80}, "prometheus": {9090},
	"aws-otel-collector": {4317, 4318}, "opentelemetry-collector": {4317, 4318}, "fluent-bit": {24224},
	"aws-xray-daemon": {2000}, "cloudwatch-agent": {25888, 8125}, "datadog/agent": {8125, 8126}, "statsd": {8125},
}
