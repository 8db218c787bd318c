package main

import (
	"fmt"
	"strings"
	"time"
)

// warehousePatience is how long an event waits for its row. The sink to the
// warehouse has its own pace.
const warehousePatience = 2 * time.Second

// warehouseRow shows what the warehouse has for the event's key, once that is
// what the event says, or whatever is there after a while.
func (s *services) warehouseRow(e *event) string {
	table := strings.ReplaceAll(strings.TrimPrefix(e.Topic, topicPrefix+"."), ".", "_")
	deadline := time.Now().Add(warehousePatience)
	for {
		r, err := s.findRow(table, e.Key)
		if err == nil && (agrees(e, r) || time.Now().After(deadline)) {
			if r == nil {
				return fmt.Sprintf("warehouse %-18s %-8s %s", table, "", "no row with "+columns(e.Key))
			}
			return fmt.Sprintf("warehouse %-18s %-8s %s", table, "", columns(r))
		}
		if time.Now().After(deadline) {
			return fmt.Sprintf("warehouse %-18s %-8s %v", table, "", err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (s *services) findRow(table string, key map[string]any) (map[string]any, error) {
	rows, err := s.bigquery.Table(dataset, table).Rows()
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if matches(r, key) {
			return r, nil
		}
	}
	return nil, nil
}

func matches(r, key map[string]any) bool {
	for name, v := range key {
		if show(r[name]) != show(v) {
			return false
		}
	}
	return true
}

// agrees says whether the row is as of the event.
func agrees(e *event, r map[string]any) bool {
	after := e.After()
	if after == nil {
		return r == nil
	}
	if r == nil {
		return false
	}
	for _, name := range []string{"status", "stock", "note"} { // what the shop updates
		if v, ok := after[name]; ok && show(v) != show(r[name]) {
			return false
		}
	}
	return true
}
