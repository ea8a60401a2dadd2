// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
)

// TestFailureTitles wants an error that has a remedy to be told with it, not as some transaction that failed.
func TestFailureTitles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cause       error
		title, next string
	}{
		{chain.ErrWrongChainID, "Wrong chain id", "Set network or chain_id"},
		{chain.ErrLagging, "Endpoints are behind", "nodes that keep up"},
		{chain.ErrUnreachable, "No endpoint answers", "Check the endpoints"},
		{chain.ErrDepositTooLow, "Deposit too low", "Raise deposit"},
		{chain.ErrInsufficientFee, "Transaction fee too low", "gas.prices"},
		{tx.ErrMaxFee, "Transaction fee over gas.max_fee_uakt", "gas.max_fee_uakt"},
	} {
		err := deploy.Fail(&deploy.Deployer{}, t.Context(), "Closing it", "It is there.", fmt.Errorf("x: %w", test.cause))
		var f *deploy.Failure
		require.ErrorAs(t, err, &f)
		require.Equal(t, test.title, f.Title)
		require.Contains(t, f.Next, test.next)
		require.Equal(t, "It is there.", f.Exists)
	}
}
