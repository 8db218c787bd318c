package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	refreshInterval = 500 * time.Millisecond
	// plainInterval is how often the line is printed where it cannot be live.
	plainInterval = 5 * time.Second
)

// screen prints events above a line that shows how the pipeline fares.
type screen struct {
	out      io.Writer
	services *services
	host     *host
	live     bool // out is a terminal, whose last line can be written again

	mu     sync.Mutex
	events int
	bytes  int
	worst  time.Duration
	line   string
}

func newScreen(out *os.File, s *services, h *host) *screen {
	info, err := out.Stat()
	sc := &screen{out: out, services: s, host: h, live: err == nil && info.Mode()&os.ModeCharDevice != 0}
	sc.print(fmt.Sprintf("MySQL    %s\nKafka    %s\nregistry %s\nBigQuery %s\nmetrics  http://%s/metrics\n",
		s.mysql.Addr(), s.brokers(), s.registry.URL, s.bigquery.RESTURL, h.listen))
	return sc
}

// event prints a record beside the row in the warehouse.
func (s *screen) event(e *event) {
	row := s.services.warehouseRow(e)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events++
	s.bytes += e.bytes()
	if op := e.Op(); op != "" && op != "r" {
		s.worst = max(s.worst, e.delay)
	}
	s.print(e.text() + "\n" + row + "\n")
}

// refresh writes the live line until ctx is done.
func (s *screen) refresh(ctx context.Context) error {
	interval := refreshInterval
	if !s.live {
		interval = plainInterval
	}
	tick := time.NewTicker(interval)
	defer tick.Stop()
	last, lastEvents := time.Now(), 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			fares := s.status(ctx)
			s.mu.Lock()
			rate := float64(s.events-lastEvents) / now.Sub(last).Seconds()
			last, lastEvents = now, s.events
			s.line = fmt.Sprintf("── %d events, %.1f/s │ slowest from commit to consumer %v │ %s", s.events, rate, s.worst.Round(time.Millisecond), fares)
			s.print("")
			if !s.live {
				s.print(s.line + "\n")
			}
			s.mu.Unlock()
		}
	}
}

// status asks leat itself.
func (s *screen) status(ctx context.Context) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.host.listen+"/status", http.NoBody)
	if err != nil {
		return err.Error()
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "leat starts"
	}
	defer resp.Body.Close()
	var views []struct {
		State   string `json:"state"`
		Plugins []struct {
			Name    string    `json:"name"`
			Kind    string    `json:"kind"`
			Records uint64    `json:"records"`
			Time    time.Time `json:"time"`
		} `json:"plugins"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&views); err != nil || len(views) != 1 {
		return "leat starts"
	}
	var out strings.Builder
	out.WriteString(views[0].State)
	for _, p := range views[0].Plugins {
		if p.Kind == "sink" && !p.Time.IsZero() {
			fmt.Fprintf(&out, " │ %s: %d records, lag %.1f s", p.Name, p.Records, max(0, time.Since(p.Time).Seconds()))
		}
	}
	return out.String()
}

// print writes text above the live line. Without a terminal there is no such line.
func (s *screen) print(text string) {
	if !s.live {
		fmt.Fprint(s.out, text)
		return
	}
	fmt.Fprint(s.out, "\r\x1b[K", text, s.line)
}

// total prints the last line for good.
func (s *screen) total() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live {
		fmt.Fprintln(s.out)
	}
	fmt.Fprintf(s.out, "%d events, %d bytes were read from the broker; the slowest change took %v from its commit to the consumer\n",
		s.events, s.bytes, s.worst.Round(time.Millisecond))
}
