//go:build !linux

package plugin

import "net"

// peerPid cannot be told here; the token alone decides.
func peerPid(*net.UnixConn) (int, error) { return anyPid, nil }
