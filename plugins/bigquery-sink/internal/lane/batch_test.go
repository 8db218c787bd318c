package lane

import (
	"errors"
	"sync"
	"testing"
)

func TestBatch(t *testing.T) {
	t.Parallel()
	first, second := errors.New("first"), errors.New("second")
	tests := map[string]struct {
		releases []error
		want     error
	}{
		"OK":                     {[]error{nil, nil, nil}, nil},
		"ends with an error":     {[]error{nil, first, nil}, first},
		"ends with the first":    {[]error{first, nil, second}, first},
		"ends with the last one": {[]error{nil, nil, second}, second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ends []error
			b := NewBatch(func(err error) { ends = append(ends, err) })
			for range tt.releases[1:] {
				b.Hold()
			}
			for i, err := range tt.releases {
				if len(ends) > 0 {
					t.Fatalf("ended after %d of %d releases", i, len(tt.releases))
				}
				b.Release(err)
			}
			if len(ends) != 1 || !errors.Is(ends[0], tt.want) {
				t.Errorf("ended with %v, want once with %v", ends, tt.want)
			}
		})
	}
	t.Run("ends once whoever is last", func(t *testing.T) {
		t.Parallel()
		const holds = 100
		ends := 0
		var last error
		b := NewBatch(func(err error) { ends, last = ends+1, err })
		var wg sync.WaitGroup
		for i := range holds {
			b.Hold()
			wg.Go(func() {
				if i%7 == 3 {
					b.Release(first)
					return
				}
				b.Release(nil)
			})
		}
		wg.Wait()
		b.Release(nil)
		if ends != 1 || !errors.Is(last, first) {
			t.Errorf("ended %d times with %v, want once with the error", ends, last)
		}
	})
}

func TestQueue(t *testing.T) {
	t.Parallel()
	q := newQueue()
	const count = 1000
	go func() {
		for range count {
			q.push(&Work{})
		}
		q.close()
	}()
	got := 0
	for more := true; more; {
		var items []*Work
		items, more = q.pull()
		got += len(items)
	}
	if got != count {
		t.Errorf("pulled %d of %d", got, count)
	}
	if items, more := q.pull(); more || items != nil {
		t.Errorf("a closed queue gives %v, %v", items, more)
	}
}
