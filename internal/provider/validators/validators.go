// SPDX-License-Identifier: Apache-2.0

// Package validators checks configuration values that more than one noun takes.
package validators

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
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
