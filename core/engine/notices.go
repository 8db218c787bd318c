package engine

import (
	"time"

	"github.com/leat-io/leat/core/status"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// setHealth keeps what the plugin said of itself. Its notices outlast the
// process, as what they are about does.
func (k *keeper) setHealth(h *leatv1.HealthResponse) {
	notices := noticesFromProto(h.GetNotices())
	k.mu.Lock()
	defer k.mu.Unlock()
	if detail := h.GetDetail(); k.process != nil && detail != k.waits.detail {
		k.waits = k.waits.say(detail, time.Now())
	}
	k.notices, k.reported = notices, progressFromProto(h.GetProgress())
}

func noticesFromProto(in []*leatv1.Notice) []status.Notice {
	var out []status.Notice
	for _, n := range in {
		s := status.Notice{Subject: n.GetSubject(), Message: n.GetMessage(), Cure: n.GetCure(), Sinks: n.GetSinks()}
		if n.GetSince() != 0 {
			s.Since = time.UnixMicro(n.GetSince()).UTC()
		}
		out = append(out, s)
	}
	return out
}
