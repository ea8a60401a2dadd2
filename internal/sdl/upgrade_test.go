// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func rate(s string) sdl.UpgradeOptions {
	return sdl.UpgradeOptions{USDPerAKT: math.LegacyMustNewDecFromStr(s)}
}

// TestUpgrade changes what must change and no other byte.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	old := `version: '2.0' # never touched
services:
  web:
    image: "nginx:1.27"   # odd   spacing stays
    expose: [{port: 80, as: 80, to: [{global: true}]}]
profiles:
  compute:
    web:
      resources:
        cpu: {units: 500M}
        memory: {size: "512mi"} # é
        gpu: {units: 1, attributes: {vendor: {nvidia: [{model: a100, ram: 80GB}]}}}
        storage:
          - size: &s 4 gb
          - {name: more, size: '2.5GiB'}
          - {name: same, size: *s}
  placement:
    dcloud:
      pricing:
        web:
          denom:   uakt
          amount:  10000
deployment:
  web: {dcloud: {profile: web, count: 1}}
`
	want := strings.NewReplacer("500M", "500m", "512mi", "512Mi", "80GB", "80Gi", "4 gb", "4G", "2.5GiB", "2.5Gi",
		"uakt", "uact", "10000", "8532.1").Replace(old)
	for name, breaks := range map[string]string{"unix": "\n", "windows": "\r\n", "mac": "\r"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := sdl.Upgrade([]byte(strings.ReplaceAll(old, "\n", breaks)), rate("0.85321"))
			require.NotNil(t, got, "%s", problems)
			require.Equal(t, strings.ReplaceAll(want, "\n", breaks), string(got))
			again, _ := sdl.Upgrade(got, sdl.UpgradeOptions{})
			require.Equal(t, string(got), string(again), "once is enough, also without a rate")
		})
	}
	t.Run("byte order mark", func(t *testing.T) {
		t.Parallel()
		flow := "\ufeff" + strings.ReplaceAll(quirkBase, "uact", "uakt")
		got, problems := sdl.Upgrade([]byte(flow), rate("1"))
		require.NotNil(t, got, "%s", problems)
		require.Equal(t, "\ufeff"+quirkBase, string(got))
	})
}

// twoMeanings uses one text as storage, where it is fine, and as GPU memory, where it is not.
const twoMeanings = `storage: {size: &s 80G}
        gpu: {units: 1, attributes: {vendor: {nvidia: [{model: a100, ram: *s}]}}}`

func TestUpgrade_refuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to, says string }{
		"no rate":        {"denom: uact", "denom: uakt", "without a rate"},
		"block scalar":   {"size: 256Mi", "size: >-\n            64mi", "cannot be changed in place"},
		"alias":          {"size: 256Mi", "size: &x 64mi\n          note: *x", "would change with a value"},
		"anchor":         {"size: 256Mi", "note: &x 64mi\n          size: *x", "would change with a value"},
		"two meanings":   {"storage:\n          size: 1Gi", twoMeanings, "cannot be changed in place"},
		"not an SDL":     {"version:", "version: [", "not YAML"},
		"still refused":  {"size: 256Mi", "size: 64 parsecs", "is not a size"},
		"negative price": {"amount: 10", "amount: -1", "more than zero"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := sdl.Upgrade(change(t, c.from, c.to), sdl.UpgradeOptions{})
			require.Nil(t, got)
			require.Contains(t, problems.Errors().String(), c.says)
			for _, p := range problems.Errors() {
				require.Positive(t, p.Line, p)
			}
		})
	}
}

// TestUpgrade_shared: one price behind two aliases changes once; an alias of the amount follows.
func TestUpgrade_shared(t *testing.T) {
	t.Parallel()
	src := change(t, "pricing:\n        web:\n          denom: uact\n          amount: 10\n",
		"pricing: {web: &p {denom: &d uakt, amount: 1000}, x: *p, "+
			"y: {<<: *p, amount: 7}, z: {denom: *d, amount: 9}}\n")
	got, problems := sdl.Upgrade(src, rate("0.5"))
	require.NotNil(t, got, "%s", problems)
	require.Contains(t, string(got), "web: &p {denom: &d uact, amount: 500}, x: *p, "+
		"y: {<<: *p, amount: 3.5}, z: {denom: *d, amount: 4.5}")
}

func TestUpgradeUnits(t *testing.T) {
	t.Parallel()
	for old, want := range map[string]string{
		"512Mi": "512Mi", "1.5G": "1.5G", "1073741824": "1073741824", "1e3": "1e3", // fine as they are
		"512mi": "512Mi", "512MI": "512Mi", "1gi": "1Gi", "1GiB": "1Gi", "1 Gi": "1Gi", " 2tib ": "2Ti", "1kib": "1Ki",
		"1g": "1G", "1GB": "1G", "1gb": "1G", "1K": "1k", "1KB": "1k", "100 bytes": "100", "100b": "100", "4ei": "4Ei",
		"": "", "big": "big", "1Gii": "1Gii", "-1gb": "-1gb", "1,5gb": "1,5gb",
	} {
		require.Equal(t, want, sdl.UpgradeSize(old), "%q", old)
	}
	for old, want := range map[string]string{"80GB": "80Gi", "80g": "80Gi", "80gi": "80Gi", "80Gi": "80Gi", "80": "80"} {
		require.Equal(t, want, sdl.UpgradeGPUMemory(old), "%q", old)
	}
	for old, want := range map[string]string{"500m": "500m", "500M": "500m", "500 m": "500m", "0.5": "0.5", "x": "x"} {
		require.Equal(t, want, sdl.UpgradeMillicpu(old), "%q", old)
	}
}

// TestUpgrade_corpora: what the network accepts keeps its manifest, and its groups but for prices, which keep their
// value.
func TestUpgrade_corpora(t *testing.T) {
	t.Parallel()
	half := math.LegacyNewDecWithPrec(5, 1)
	converted := 0
	for _, dir := range corpora(t) {
		for _, file := range goldenFiles(t, dir) {
			src, err := os.ReadFile(file)
			require.NoError(t, err)
			before, _ := sdl.Parse(src)
			got, problems := sdl.Upgrade(src, rate("0.5"))
			if before == nil {
				if got == nil {
					require.NotEmpty(t, problems.Errors(), file)
				}
				continue
			}
			require.NotNil(t, got, "%s: %s", file, problems)
			after, _ := sdl.Parse(got)
			require.Equal(t, before.Hash(), after.Hash(), file)
			old, upgraded := before.Groups(), after.Groups()
			require.Len(t, upgraded, len(old), file)
			for i := range old {
				for j, unit := range old[i].Resources {
					price := upgraded[i].Resources[j].Price
					if unit.Price.Denom == coin.UAKT {
						converted++
						require.Equal(t, coin.UACT, price.Denom, file)
						require.Equal(t, unit.Price.Amount.Mul(half), price.Amount, file)
					}
				}
			}
			if !bytes.Contains(src, []byte("uakt")) && !bytes.Contains(src, []byte("ibc/170C")) {
				require.Equal(t, string(src), string(got), file)
			}
		}
	}
	require.Positive(t, converted)
}

// FuzzUpgrade: what comes out parses, needs no second upgrade, and has the lines it had.
func FuzzUpgrade(f *testing.F) {
	for _, file := range goldenFiles(f, "testdata/golden") {
		src, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(src)
	}
	f.Add([]byte(strings.ReplaceAll(quirkBase, "256Mi", "&a !!str '64mi'")))
	f.Fuzz(func(t *testing.T, src []byte) {
		got, problems := sdl.Upgrade(src, rate("0.5"))
		require.Equal(t, got == nil, len(problems.Errors()) > 0)
		if got == nil {
			return
		}
		d, _ := sdl.Parse(got)
		require.NotNil(t, d)
		require.Equal(t, bytes.Count(src, []byte("\n")), bytes.Count(got, []byte("\n")))
		again, _ := sdl.Upgrade(got, sdl.UpgradeOptions{})
		require.Equal(t, string(got), string(again))
		if before, _ := sdl.Parse(src); before != nil {
			require.Equal(t, before.Hash(), d.Hash())
		}
	})
}
