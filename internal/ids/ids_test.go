// SPDX-License-Identifier: Apache-2.0

package ids_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

const (
	owner  = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	seller = "akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7"
)

func TestParseRoundTrip(t *testing.T) {
	t.Parallel()
	d, err := ids.ParseDeploymentID(owner + "/18446744073709551615")
	require.NoError(t, err)
	require.Equal(t, uint64(18446744073709551615), d.DSeq)

	l, err := ids.ParseLeaseID(owner + "/7/2/3/" + seller)
	require.NoError(t, err)
	require.NoError(t, l.Validate())
	require.Equal(t, owner+"/7/2/3/"+seller, l.String())
	require.Equal(t, owner+"/7/2/3/"+seller, l.Bid().String())
	require.Equal(t, owner+"/7/2/3", l.Order().String())
	require.Equal(t, owner+"/7/2", l.Group().String())
	require.Equal(t, owner+"/7", l.Deployment().String())
	require.Equal(t, l, l.Deployment().Group(2).Order(3).Bid(seller).Lease())
}

func TestParseRefusesWhatIsNotAnID(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":              "",
		"too short":          owner + "/1",
		"too long":           owner + "/1/1/1/" + seller + "/0",
		"zero dseq":          owner + "/0/1/1/" + seller,
		"leading zero":       owner + "/01/1/1/" + seller,
		"plus":               owner + "/+1/1/1/" + seller,
		"negative":           owner + "/-1/1/1/" + seller,
		"gseq over 32 bits":  owner + "/1/4294967296/1/" + seller,
		"owner checksum":     strings.Replace(owner, "hv7c", "hv7d", 1) + "/1/1/1/" + seller,
		"foreign prefix":     "cosmos1erxf3sa9q2j4vgseu7jq4a258ckmk7cyx2tsee/1/1/1/" + seller,
		"no Akash provider":  owner + "/1/1/1/",
		"spaces around":      " " + owner + "/1/1/1/" + seller,
		"empty gseq":         owner + "/1//1/" + seller,
		"provider is number": owner + "/1/1/1/5",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ids.ParseLeaseID(text)
			require.ErrorIs(t, err, ids.ErrInvalid)
		})
	}
}

func TestParseDSeq(t *testing.T) {
	t.Parallel()
	n, err := ids.ParseDSeq("18446744073709551615")
	require.NoError(t, err)
	require.Equal(t, uint64(18446744073709551615), n)
	for _, text := range []string{"", "0", "01", "+1", "-1", "1.0", " 1", "1_0", "18446744073709551616", "dseq"} {
		_, err := ids.ParseDSeq(text)
		require.ErrorIs(t, err, ids.ErrInvalid, text)
	}
}

func TestZeroValuesAreInvalid(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, ids.DeploymentID{}.Validate(), ids.ErrInvalid)
	require.ErrorIs(t, ids.GroupID{Owner: owner, DSeq: 1}.Validate(), ids.ErrInvalid)
	require.ErrorIs(t, ids.OrderID{Owner: owner, DSeq: 1, GSeq: 1}.Validate(), ids.ErrInvalid)
	require.ErrorIs(t, ids.LeaseID{Owner: owner, DSeq: 1, GSeq: 1, OSeq: 1}.Validate(), ids.ErrInvalid)
}

func FuzzParseLeaseID(f *testing.F) {
	f.Add(owner + "/7/2/3/" + seller)
	f.Add("//")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ids.ParseLeaseID(s)
		if err == nil && id.String() != s {
			t.Fatalf("%q parses but prints as %q", s, id)
		}
	})
}
