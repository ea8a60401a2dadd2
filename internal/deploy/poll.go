// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"time"
)

const (
	firstPause = 100 * time.Millisecond
	longPause  = 2 * time.Second
)

// poll calls look until it reports done or fails, with pauses that grow from a tenth of a second to two seconds: quick
// on a devnet, polite on mainnet. It returns ctx's error when ctx ends first.
func (d *Deployer) poll(ctx context.Context, look func() (done bool, err error)) error {
	for pause := firstPause; ; pause = min(pause*3/2, longPause) {
		done, err := look()
		if done || err != nil {
			return err
		}
		if err := d.Clock.Sleep(ctx, pause); err != nil {
			return err
		}
	}
}
