// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"strconv"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/odds"
)

// sellerFaults is short for what rows of Akash providers write to.
type sellerFaults = akashprovider.Faults

// flagWord makes the rest of a row for a fault that is there or not.
func flagWord(w faultWord, field func(*sellerFaults) *bool) faultWord {
	w.value = noValue
	w.seller = func(f *sellerFaults, _ string, _ *odds.Dice) { *field(f) = true }
	w.left = func(f sellerFaults) (string, bool) { return "", *field(&f) }
	return w
}

// countWord makes the rest of a row for a fault that strikes so many times; -1 is always.
func countWord(w faultWord, field func(*sellerFaults) *int) faultWord {
	w.value = countValue
	w.seller = func(f *sellerFaults, value string, _ *odds.Dice) { *field(f), _ = readCount(value) } // it was checked
	w.left = func(f sellerFaults) (string, bool) {
		n := *field(&f)
		if n < 0 {
			return everyTime, true
		}
		return strconv.Itoa(n), n > 0
	}
	return w
}

// numberWord makes the rest of a row for a fault that has a size.
func numberWord[N int | int64](w faultWord, field func(*sellerFaults) *N) faultWord {
	w.value = numberValue
	w.seller = func(f *sellerFaults, value string, _ *odds.Dice) {
		n, _ := strconv.Atoi(value) // it was checked
		*field(f) = N(n)
	}
	w.left = func(f sellerFaults) (string, bool) {
		n := *field(&f)
		return strconv.FormatInt(int64(n), 10), n != 0
	}
	return w
}

// sellerWords are the faults of Akash providers.
func sellerWords() []faultWord {
	return append(bidWords(), gatewayWords()...)
}

// bidWords are the faults on chain.
func bidWords() []faultWord {
	return []faultWord{
		flagWord(faultWord{
			name: "never-bid", example: "birch.never-bid", help: "it ignores every order that it has not bid on yet",
		}, func(f *sellerFaults) *bool { return &f.NeverBid }),
		numberWord(faultWord{
			name: "bid-late", example: "any.bid-late=5", help: "it bids so many blocks later",
		}, func(f *sellerFaults) *int64 { return &f.BidLateBlocks }),
		flagWord(faultWord{
			name: "withdraw-bids", example: "amber.withdraw-bids",
			help: "it withdraws each bid one block after it was made, before a lease",
		}, func(f *sellerFaults) *bool { return &f.WithdrawBids }),
		{
			name: "price", value: factorValue, example: "*.price=1.5", help: "it asks so many times its price in new bids",
			seller: func(f *sellerFaults, value string, _ *odds.Dice) { f.PriceFactor, _ = readFactor(value) }, // checked
			left: func(f sellerFaults) (string, bool) {
				if f.PriceFactor.IsNil() || f.PriceFactor.IsZero() {
					return "", false
				}
				return plainDec(f.PriceFactor), true
			},
		},
		flagWord(faultWord{
			name: "close-leases", example: "any.close-leases", help: "it closes each lease one block after it has seen it",
		}, func(f *sellerFaults) *bool { return &f.CloseLeases }),
		flagWord(faultWord{
			name: "ignore-manifest-timeout", example: "*.ignore-manifest-timeout",
			help: "it leaves a lease without manifest open for ever",
		}, func(f *sellerFaults) *bool { return &f.IgnoreManifestTimeout }),
		flagWord(faultWord{
			name: "dead", example: "amber.dead",
			help: "it is switched off: REST and gRPC of its gateway refuse connections, and it sends no transaction",
		}, func(f *sellerFaults) *bool { return &f.Dead }),
	}
}

// gatewayWords are the faults of a gateway.
func gatewayWords() []faultWord {
	return []faultWord{
		countWord(faultWord{
			name: "refuse-manifests", example: "any.refuse-manifests=1", help: "the next manifests are refused with 422",
		}, func(f *sellerFaults) *int { return &f.RefuseManifests }),
		countWord(faultWord{
			name: "hide-leases", example: "*.hide-leases=1",
			help: "the next manifests are answered as if their lease had not been seen yet: 404, and kept",
		}, func(f *sellerFaults) *int { return &f.HideLeases }),
		numberWord(faultWord{
			name: "slow-ready", example: "*.slow-ready=3", help: "services become ready so many blocks later",
		}, func(f *sellerFaults) *int64 { return &f.SlowReadyBlocks }),
		flagWord(faultWord{
			name: "never-ready", example: "any.never-ready", help: "services stay pending",
		}, func(f *sellerFaults) *bool { return &f.NeverReady }),
		flagWord(faultWord{
			name: "unavailable", example: "amber.unavailable", help: "its gateway answers 503 to everything",
		}, func(f *sellerFaults) *bool { return &f.GatewayDown }),
		{
			name: "slow", value: durationValue, example: "*.slow=200ms",
			help:   "every answer of its gateway takes so much longer",
			seller: func(f *sellerFaults, value string, _ *odds.Dice) { f.Delay = duration(value) },
			left: func(f sellerFaults) (string, bool) {
				return f.Delay.String(), f.Delay > 0
			},
		},
		{
			name: "reset", value: oddsValue, example: "*.reset=1/20",
			help:   "a request to its gateway is not looked at and its connection is reset",
			seller: func(f *sellerFaults, _ string, dice *odds.Dice) { f.Reset = dice },
			left: func(f sellerFaults) (string, bool) {
				left := f.Reset.Left()
				return left.String(), left != odds.Odds{}
			},
		},
		numberWord(faultWord{
			name: "cut-sockets", example: "any.cut-sockets=3",
			help: "websockets (logs, events, shell) are cut in the middle of a frame after so many messages",
		}, func(f *sellerFaults) *int { return &f.CutSocketsAfter }),
		numberWord(faultWord{
			name: "ingress-status", example: "*.ingress-status=502",
			help: "its ingress answers for services that are ready with this HTTP status",
		}, func(f *sellerFaults) *int { return &f.IngressStatus }),
		countWord(faultWord{
			name: "fail-shells", example: "*.fail-shells=1", help: "the next shells end with the failure marker",
		}, func(f *sellerFaults) *int { return &f.FailShells }),
		{
			name: "attestation", value: attestationValue, example: "*.attestation=old-nonce",
			help:   "attestation quotes are wrong in this way: " + strings.Join(akashprovider.AttestationFaults(), ", "),
			seller: func(f *sellerFaults, value string, _ *odds.Dice) { f.Attestation = value },
			left: func(f sellerFaults) (string, bool) {
				return f.Attestation, f.Attestation != ""
			},
		},
		countWord(faultWord{
			name: "expired-tokens", example: "*.expired-tokens=1",
			help: "the next good tokens are refused as if they had expired: 400",
		}, func(f *sellerFaults) *int { return &f.ExpiredTokens }),
		certificateWord(faultWord{
			name: "wrong-certificate", example: "amber.wrong-certificate", certificate: unknownCertificate,
			help: "its gateway shows a certificate of its account that is not on chain",
		}),
		certificateWord(faultWord{
			name: "foreign-certificate", example: "amber.foreign-certificate", certificate: foreignCertificate,
			help: "its gateway shows the certificate of another account, which is on chain",
		}),
		certificateWord(faultWord{
			name: "rotate-certificate", example: "any.rotate-certificate", certificate: rotatedCertificate,
			help: "once, when the plan is applied: a new certificate on chain and shown, the old one revoked",
		}),
	}
}

// certificateWord makes the rest of a row whose effect needs the network, see [Network.ApplyFaults].
func certificateWord(w faultWord) faultWord {
	w.value = noValue
	return w
}
