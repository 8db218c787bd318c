// Package handshake is what host and plugin must agree on before they can talk:
// go-plugin's handshake, the protocol versions, and the gRPC service behind
// them. Plugin authors have no need of it.
package handshake

import (
	"context"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

const (
	// Version of the protocol, both planes.
	Version = 1
	// Name under which the service is dispensed.
	Name = "leat"
	// MaxMessage is the limit of a control message to a plugin, and of the answer to
	// Open, as a checkpoint holds the definitions of all captured tables.
	MaxMessage = 256 << 20
	// MaxAnswer is the limit of the answers to Validate, which may name all tables,
	// and to Metrics.
	MaxAnswer = 16 << 20
	// MaxSmallAnswer is the limit of all other answers: gRPC's own.
	MaxSmallAnswer = 4 << 20
)

// Config makes a program that is started by hand, or by another host, say so
// and end.
var Config = goplugin.HandshakeConfig{
	MagicCookieKey:   "LEAT_PLUGIN",
	MagicCookieValue: "3b6d1c6e9f6a4b0c8d0e5a7f42c91d58",
}

// Plugins returns go-plugin's table of protocol versions. server is nil on the
// side of the host.
func Plugins(server leatv1.PluginServiceServer) map[int]goplugin.PluginSet {
	return map[int]goplugin.PluginSet{Version: {Name: &grpcPlugin{server: server}}}
}

type grpcPlugin struct {
	goplugin.NetRPCUnsupportedPlugin
	server leatv1.PluginServiceServer
}

func (p *grpcPlugin) GRPCServer(_ *goplugin.GRPCBroker, s *grpc.Server) error {
	leatv1.RegisterPluginServiceServer(s, p.server)
	return nil
}

func (p *grpcPlugin) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return leatv1.NewPluginServiceClient(c), nil
}
