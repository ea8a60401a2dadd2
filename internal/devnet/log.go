// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	sdklog "cosmossdk.io/log"
	cmtlog "github.com/cometbft/cometbft/libs/log"
	"github.com/hashicorp/go-hclog"
)

// cmtLogger and sdkLogger hand CometBFT's and the SDK's log lines to hclog. Both
// are chatty, so their info lines come out as debug.
type (
	cmtLogger struct{ log hclog.Logger }
	sdkLogger struct{ log hclog.Logger }
)

var (
	_ cmtlog.Logger = cmtLogger{}
	_ sdklog.Logger = sdkLogger{}
)

func (l cmtLogger) Debug(msg string, kv ...any)  { l.log.Trace(msg, kv...) }
func (l cmtLogger) Info(msg string, kv ...any)   { l.log.Debug(msg, kv...) }
func (l cmtLogger) Error(msg string, kv ...any)  { l.log.Error(msg, kv...) }
func (l cmtLogger) With(kv ...any) cmtlog.Logger { return cmtLogger{l.log.With(kv...)} }
func (l sdkLogger) Debug(msg string, kv ...any)  { l.log.Trace(msg, kv...) }
func (l sdkLogger) Info(msg string, kv ...any)   { l.log.Debug(msg, kv...) }
func (l sdkLogger) Warn(msg string, kv ...any)   { l.log.Warn(msg, kv...) }
func (l sdkLogger) Error(msg string, kv ...any)  { l.log.Error(msg, kv...) }
func (l sdkLogger) With(kv ...any) sdklog.Logger { return sdkLogger{l.log.With(kv...)} }
func (l sdkLogger) Impl() any                    { return l.log }
