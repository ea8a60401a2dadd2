// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
)

func TestDecodeStatus(t *testing.T) {
	t.Parallel()
	got, err := gateway.DecodeStatus([]byte(`{"cluster":{"leases":1,"inventory":{"available":{
		"nodes":[{"name":"a","available":{"cpu":400,"gpu":1,"memory":5,"storage_ephemeral":"6"}},
		         {"name":"b","available":{"cpu":-1,"gpu":null,"memory":1e3,"storage_ephemeral":{}}}],
		"storage":[{"class":"beta2","size":7}]}}},
		"bidengine":{"orders":2},"manifest":{"deployments":3},"reclamation_window":7200000000000,"address":"x"}`))
	require.NoError(t, err)
	require.Equal(t, gateway.Status{
		Address: "x", Leases: 1, Orders: 2, Deployments: 3, ReclamationWindow: 2 * time.Hour,
		Nodes: []gateway.NodeStatus{{Name: "a", CPU: 400, GPU: 1, Memory: 5, Ephemeral: 6}, {Name: "b"}},
		Pools: []gateway.PoolStatus{{Class: "beta2", Free: 7}},
	}, got)
	_, err = gateway.DecodeStatus([]byte(`"status"`))
	require.Error(t, err)
}
