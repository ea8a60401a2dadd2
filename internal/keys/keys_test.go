// SPDX-License-Identifier: Apache-2.0

package keys_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// devMnemonic is the public test mnemonic of the recorded network; never fund it.
const devMnemonic = "test test test test test test test test test test test junk"

func TestFromMnemonic_recordedAddresses(t *testing.T) {
	t.Parallel()
	want := []string{
		"akash15yk64u7zc9g9k2yr2wmzeva5qgwxps6ytfzgqy",
		"akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c",
		"akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj",
		"akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7",
		"akash164cy6j05j3kaqlzqgzn9mjz95vqjhxmhh804yt",
		"akash18el2mdgsjwvzezu5cjsyuyx0uru4zrm25ucxt7",
		"akash1wqsddpelugnm7ss40puw20dacafhq8gk7r567p",
		"akash1urv8703cxqny9mcqdu8enh4mdhx0x55daad67a",
		"akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u",
		"akash1f84c23zhjlddsfg6n4y94v260v5yd8ktvfsj25",
	}
	for i, address := range want {
		key, err := keys.FromMnemonic(devMnemonic, fmt.Sprintf("m/44'/118'/0'/0/%d", i))
		require.NoError(t, err)
		require.Equal(t, address, key.Address())
	}
	spaced := "  TEST test\ttest test test test\n test test test test test  junk "
	key, err := keys.FromMnemonic(spaced, "")
	require.NoError(t, err)
	require.Equal(t, want[0], key.Address())
}

func TestFromMnemonic_refusals(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("abandon ", 23) + "art"
	cases := map[string]struct {
		mnemonic, path, want string
	}{
		"empty":         {"  ", "", "it is empty"},
		"count":         {strings.Repeat("test ", 11), "", "it has 11 words"},
		"unknown word":  {strings.Replace(devMnemonic, "junk", "zzsecretzz", 1), "", "word 12 of 12"},
		"unknown words": {"xqaa " + strings.Repeat("test ", 10) + "xqbb", "", "words 1, 12 of 12"},
		"checksum":      {strings.Repeat("test ", 12), "", "checksum does not match"},
		"swapped":       {"junk " + strings.Repeat("test ", 11), "", "checksum does not match"},
		"path":          {devMnemonic, "44/118/0", "want the form m/44'/118'/0'/0/0"},
		"path index":    {devMnemonic, "m/44'/118'/0'/0/9999999999", "want the form"},
		"long checksum": {strings.Replace(long, "art", "zoo", 1), "", "all 24 words are known"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.FromMnemonic(tc.mnemonic, tc.path)
			require.ErrorContains(t, err, tc.want)
			for _, word := range []string{"test", "junk", "zzsecretzz", "xqaa", "abandon", "zoo"} {
				require.NotContains(t, err.Error(), word)
			}
		})
	}
	_, err := keys.FromMnemonic(long, "")
	require.NoError(t, err)
}

func TestFromPrivateKeyHex(t *testing.T) {
	t.Parallel()
	// Private key 1: its public key is the generator of the curve.
	one := strings.Repeat("0", 63) + "1"
	const generator = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
	for _, text := range []string{one, "0x" + one, " " + one + "\n"} {
		key, err := keys.FromPrivateKeyHex(text)
		require.NoError(t, err)
		require.Equal(t, generator, hex.EncodeToString(key.PubKey()))
		require.NoError(t, keys.ValidateOwner(key.Address()))
	}
	order := "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
	for text, want := range map[string]string{
		"":                        "it has 0 characters",
		one[:62]:                  "it has 62 characters",
		"q" + one[1:]:             "no hexadecimal digit",
		strings.Repeat("0", 64):   "zero or above the order",
		order:                     "zero or above the order",
		"0x0x" + one[:62]:         "no hexadecimal digit",
		strings.Repeat("ff", 32):  "zero or above the order",
		strings.Repeat("1234", 9): "it has 36 characters",
	} {
		_, err := keys.FromPrivateKeyHex(text)
		require.ErrorIs(t, err, keys.ErrPrivateKey)
		require.ErrorContains(t, err, want)
		if len(text) > 8 {
			require.NotContains(t, err.Error(), text[:8])
		}
	}
}

func TestSign_verifiesAndIsLowS(t *testing.T) {
	t.Parallel()
	key, err := keys.FromMnemonic(devMnemonic, "")
	require.NoError(t, err)
	for i := range 64 {
		msg := fmt.Appendf(nil, "message %d", i)
		sig, err := key.Sign(msg)
		require.NoError(t, err)
		require.Len(t, sig, 64)
		require.True(t, keys.Verify(key.PubKey(), msg, sig))
		require.Less(t, sig[32], byte(0x80), "s is in the lower half")
		again, err := key.Sign(msg)
		require.NoError(t, err)
		require.Equal(t, sig, again)
		sig[0] ^= 1
		require.False(t, keys.Verify(key.PubKey(), msg, sig))
	}
	require.False(t, keys.Verify(nil, nil, nil))
	pub := key.PubKey()
	pub[0] = 9
	require.NotEqual(t, pub, key.PubKey(), "the caller owns the slice")
}

func TestKey_printsOnlyTheAddress(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("ab", 32)
	key, err := keys.FromPrivateKeyHex(secret)
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p"} {
		text := fmt.Sprintf(verb, key)
		require.NotContains(t, strings.ToLower(text), secret[:8], verb)
		require.NotContains(t, text, "171", verb) // 0xab in decimal
	}
	require.Equal(t, key.Address(), fmt.Sprintf("%+v", key))
	require.Equal(t, "keys.Key("+key.Address()+")", fmt.Sprintf("%#v", key))
	encoded, err := json.Marshal(key)
	require.NoError(t, err)
	require.Equal(t, "{}", string(encoded))
}

func TestValidateOwner(t *testing.T) {
	t.Parallel()
	require.NoError(t, keys.ValidateOwner("akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"))
	for addr, want := range map[string]string{
		"": "it is empty",
		"akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7d": "checksum",
		"akash1": "akash1",
		"hello":  "hello",
		"cosmos1fl48vsnmsdzcv85q5d2q4z5ajdha8yu34mf0eh":       `want "akash"`,
		"akashvaloper15yk64u7zc9g9k2yr2wmzeva5qgwxps6ytfzgqy": "akashvaloper",
	} {
		err := keys.ValidateOwner(addr)
		require.ErrorIs(t, err, keys.ErrAddress, addr)
		require.ErrorContains(t, err, want)
	}
}

func FuzzValidateOwner(f *testing.F) {
	f.Add("akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c")
	f.Add("AKASH1")
	f.Fuzz(func(t *testing.T, addr string) {
		if keys.ValidateOwner(addr) == nil && !strings.HasPrefix(strings.ToLower(addr), "akash1") {
			t.Fatalf("accepted %q", addr)
		}
	})
}
