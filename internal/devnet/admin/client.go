// SPDX-License-Identifier: Apache-2.0

package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

const maxAnswerBytes = 16 << 20

// Client steers a devnet from another process. Safe for concurrent use. What the devnet refuses is an [*Error].
type Client struct {
	base string
	http http.Client
}

// NewClient asks the [Handler] at a URL such as "http://127.0.0.1:26600"; it does not touch the network. A bare
// host:port is taken for http.
func NewClient(address string) (*Client, error) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	at, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("address of the devnet's admin endpoint: %w", err)
	}
	if at.Scheme != "http" || at.Host == "" {
		return nil, fmt.Errorf("address of the devnet's admin endpoint: %q is not like http://127.0.0.1:26600", address)
	}
	// A proxy would not be loopback.
	return &Client{
		base: strings.TrimSuffix(at.String(), "/"), http: http.Client{Transport: &http.Transport{}},
	}, nil
}

// Network tells what the devnet is.
func (c *Client) Network(ctx context.Context) (out Network, err error) {
	return out, c.call(ctx, http.MethodGet, "/network", nil, &out)
}

// Faults tells what is in force.
func (c *Client) Faults(ctx context.Context) (devnet.FaultPlan, error) {
	var out Faults
	err := c.call(ctx, http.MethodGet, "/faults", nil, &out)
	return out.Plan, err
}

// SetFaults puts a plan in force in place of all faults there are.
func (c *Client) SetFaults(ctx context.Context, plan devnet.FaultPlan) error {
	return c.call(ctx, http.MethodPut, "/faults", plan, nil)
}

// ClearFaults ends all faults.
func (c *Client) ClearFaults(ctx context.Context) error {
	return c.call(ctx, http.MethodDelete, "/faults", nil, nil)
}

// FaultNames lists the faults that the devnet knows.
func (c *Client) FaultNames(ctx context.Context) (out []devnet.FaultDoc, err error) {
	return out, c.call(ctx, http.MethodGet, "/faults/names", nil, &out)
}

// Advance makes blocks at once and returns the height after them.
func (c *Client) Advance(ctx context.Context, blocks int64) (height int64, err error) {
	var out heightAnswer
	err = c.call(ctx, http.MethodPost, "/advance", advanceRequest{blocks}, &out)
	return out.Height, err
}

// AdvanceClock puts block time forward and returns what it is then.
func (c *Client) AdvanceClock(ctx context.Context, by time.Duration) (time.Time, error) {
	var out heightAnswer
	err := c.call(ctx, http.MethodPost, "/clock", clockRequest{by.String()}, &out)
	return out.Time, err
}

// SetPrice feeds a price of AKT in USD to the oracle.
func (c *Client) SetPrice(ctx context.Context, usdPerAKT math.LegacyDec) error {
	return c.call(ctx, http.MethodPost, "/price", priceRequest{usdPerAKT.String()}, nil)
}

// Snapshot writes all there is to an absolute path on the devnet's machine and returns the height; see
// [devnet.Network.Snapshot].
func (c *Client) Snapshot(ctx context.Context, dir string) (height int64, err error) {
	var out snapshotAnswer
	err = c.call(ctx, http.MethodPost, "/snapshot", snapshotRequest{dir}, &out)
	return out.Height, err
}

// Faucet gives coins to an address and returns once they are there; see [devnet.Network.Faucet].
func (c *Client) Faucet(ctx context.Context, address string, coins sdk.Coins) error {
	return c.call(ctx, http.MethodPost, "/faucet", faucetRequest{address, coins.String()}, nil)
}

// AkashProviders lists the simulated Akash providers.
func (c *Client) AkashProviders(ctx context.Context) (out []AkashProvider, err error) {
	return out, c.call(ctx, http.MethodGet, "/akash-providers", nil, &out)
}

// Kill switches an Akash provider off, by name or address.
func (c *Client) Kill(ctx context.Context, akashProvider string) error {
	return c.call(ctx, http.MethodPost, providerPath(akashProvider, "kill"), nil, nil)
}

// Revive switches an Akash provider on again and returns once its gateway takes connections.
func (c *Client) Revive(ctx context.Context, akashProvider string) error {
	return c.call(ctx, http.MethodPost, providerPath(akashProvider, "revive"), nil, nil)
}

// SetPriceFactor multiplies what an Akash provider asks in new bids; 1 is its own price.
func (c *Client) SetPriceFactor(ctx context.Context, akashProvider string, factor math.LegacyDec) error {
	return c.call(ctx, http.MethodPost, providerPath(akashProvider, "price"), factorRequest{factor.String()}, nil)
}

// CloseLeases closes leases from the seller's side and returns which, as owner/dseq/gseq/oseq/provider.
func (c *Client) CloseLeases(ctx context.Context, which CloseLeases) ([]string, error) {
	var out closedLeases
	err := c.call(ctx, http.MethodPost, "/leases/close", which, &out)
	return out.Closed, err
}

func providerPath(akashProvider, verb string) string {
	return "/akash-providers/" + url.PathEscape(akashProvider) + "/" + verb
}

// call sends one request; nil in is no body and nil out drops the answer.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader = http.NoBody
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("devnet admin %s: %w", path, err)
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return fmt.Errorf("devnet admin %s: %w", path, err)
	}
	if in != nil {
		req.Header.Set("Content-Type", contentJSON)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("devnet admin: is a devnet running at %s? %w", c.base, err)
	}
	defer func() { _ = res.Body.Close() }() // it was read to the end, or is of no use
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswerBytes))
	if err != nil {
		return fmt.Errorf("devnet admin %s: %w", path, err)
	}
	if res.StatusCode != http.StatusOK {
		return readError(res.StatusCode, path, text)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("devnet admin %s: %w", path, err)
	}
	return nil
}

// readError reads an [Error]; what is none is told as it is, since another program may have answered.
func readError(status int, path string, text []byte) error {
	told := Error{Status: status}
	if err := json.Unmarshal(text, &told); err != nil || told.What == "" {
		const enough = 200
		told.What, told.Cause = "devnet admin "+path, fmt.Sprintf("HTTP %d: %.*q", status, enough, text)
		told.Remedy = "check that the address is a devnet's admin endpoint"
	}
	return &told
}
