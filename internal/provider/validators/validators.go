// SPDX-License-Identifier: Apache-2.0

// Package validators checks configuration values that more than one noun takes.
package validators

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/console"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// check is a string validator made of a description and a function.
type check struct {
	description string
	validate    func(string) error
}

func (c check) Description(context.Context) string         { return c.description }
func (c check) MarkdownDescription(context.Context) string { return c.description }

func (c check) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := c.validate(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value",
			fmt.Sprintf("%s: %v. Want %s.", req.Path, err, c.description))
	}
}

// PositiveDecimal accepts an exact decimal above zero, such as "12.50".
func PositiveDecimal() validator.String {
	return check{description: "a decimal above zero such as 12.50", validate: func(s string) error {
		d, err := coin.ParseDecimal(s)
		if err == nil && !d.IsPositive() {
			return fmt.Errorf("%q is not above zero", s)
		}
		return err
	}}
}

// Address accepts an account address of the network.
func Address() validator.String {
	return check{description: "an address such as akash1…", validate: ids.ValidateAddress}
}

// PositiveDuration accepts a Go duration above zero, such as "30s".
func PositiveDuration() validator.String {
	return check{description: "a duration above zero such as 30s or 2m", validate: func(s string) error {
		d, err := time.ParseDuration(s)
		if err != nil {
			return fmt.Errorf("%q is not a duration", s)
		}
		if d <= 0 {
			return fmt.Errorf("%q is not above zero", s)
		}
		return nil
	}}
}

// PositiveWhole accepts a whole number above zero in plain digits, such as "5000000".
func PositiveWhole() validator.String {
	return check{description: "a whole number above zero in plain digits such as 5000000", validate: func(s string) error {
		if !wholeNumber.MatchString(s) {
			return fmt.Errorf("%q is none", s)
		}
		return nil
	}}
}

var (
	wholeNumber = regexp.MustCompile(`^[1-9][0-9]{0,29}$`)
	messageType = regexp.MustCompile(`^/[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.Msg[A-Z][A-Za-z0-9]*$`)
)

// DSeq accepts the number of a deployment.
func DSeq() validator.String {
	return check{description: "a deployment's number such as 1763800000000123", validate: func(s string) error {
		_, err := ids.ParseDSeq(s)
		return err
	}}
}

// Timestamp accepts a time of RFC 3339.
func Timestamp() validator.String {
	return check{description: "a time such as 2027-01-31T00:00:00Z", validate: func(s string) error {
		_, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return fmt.Errorf("%q is no time of RFC 3339", s)
		}
		return nil
	}}
}

// MessageType accepts the type URL of a message.
func MessageType() validator.String {
	return check{
		description: "a type of message such as /akash.deployment.v1beta4.MsgCreateDeployment",
		validate: func(s string) error {
			if !messageType.MatchString(s) {
				return fmt.Errorf("%q is none", s)
			}
			return nil
		},
	}
}

// ConsoleURL accepts the address of an Akash Console.
func ConsoleURL() validator.String {
	return check{description: "an address such as https://console-api.akash.network", validate: console.CheckURL}
}
