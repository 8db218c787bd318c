package main

import leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"

// forecast is what a stage expects to send.
type forecast struct {
	known   chan struct{} // closed once streams is set, or never will be
	streams []*leatv1.Stream
}

func newForecast() *forecast { return &forecast{known: make(chan struct{})} }

// none is the forecast before a source.
var none = func() *forecast {
	f := newForecast()
	close(f.known)
	return f
}()

// wait returns the streams once they are known. Without connections nobody knows
// them, and nobody waits: a run starts its plugins side by side.
func (f *forecast) wait(static bool) []*leatv1.Stream {
	if static {
		return nil
	}
	<-f.known
	return f.streams
}
