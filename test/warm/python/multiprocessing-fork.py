#!/usr/bin/python3
import multiprocessing


def square(number):
    return number * number, multiprocessing.current_process().name


if __name__ == "__main__":
    print("Content-Type: text/plain\n", flush=True)
    print(multiprocessing.get_start_method(), multiprocessing.current_process(), multiprocessing.active_children())
    with multiprocessing.Pool(1) as pool:
        print(pool.map(square, [1, 2, 3]))
    queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=queue.put, args=("by a queue",))
    process.start()
    print(queue.get())
    process.join()
    print(process.exitcode)
