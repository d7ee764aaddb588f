/// The instructions of CPython 3.15, as tools/instruction_tables.py prints them.
extension InstructionRow {
  static let cpython315: [InstructionRow] = [
    // BINARY_SLICE
    .init([1], cache: 0, depth: -2),
    // BUILD_TEMPLATE
    .init([2], cache: 0, depth: -1),
    // CALL_FUNCTION_EX
    .init([4, 151, 152, 251], cache: 1, depth: -3, role: .callUnpacked),
    // CHECK_EG_MATCH
    .init([5], cache: 0, depth: 0),
    // CHECK_EXC_MATCH
    .init([6], cache: 0, depth: 0),
    // CLEANUP_THROW
    .init([7], cache: 0, depth: -1),
    // DELETE_SUBSCR
    .init([8], cache: 0, depth: -2),
    // END_FOR
    .init([9, 233], cache: 0, depth: -1),
    // END_SEND
    .init([10, 235], cache: 0, depth: -2),
    // EXIT_INIT_CHECK
    .init([11], cache: 0, depth: -1),
    // FORMAT_SIMPLE
    .init([12], cache: 0, depth: 0),
    // FORMAT_WITH_SPEC
    .init([13], cache: 0, depth: -1),
    // GET_AITER
    .init([14], cache: 0, depth: 0),
    // GET_ANEXT
    .init([15], cache: 0, depth: 1),
    // GET_LEN
    .init([16], cache: 0, depth: 1),
    // INTERPRETER_EXIT
    .init([18], cache: 0, depth: -1, endsBlock: true),
    // LOAD_BUILD_CLASS
    .init([19], cache: 0, depth: 1),
    // LOAD_LOCALS
    .init([20], cache: 0, depth: 1),
    // MAKE_FUNCTION
    .init([21], cache: 0, depth: 0),
    // MATCH_KEYS
    .init([22], cache: 0, depth: 1),
    // MATCH_MAPPING
    .init([23], cache: 0, depth: 1),
    // MATCH_SEQUENCE
    .init([24], cache: 0, depth: 1),
    // NOP
    .init([25], cache: 0, depth: 0, role: .withoutCallee),
    // NOT_TAKEN
    .init([26, 239], cache: 0, depth: 0, role: .withoutCallee),
    // POP_EXCEPT
    .init([27], cache: 0, depth: -1),
    // POP_ITER
    .init([28, 234], cache: 0, depth: -2),
    // POP_TOP
    .init([29], cache: 0, depth: -1),
    // PUSH_EXC_INFO
    .init([30], cache: 0, depth: 1),
    // PUSH_NULL
    .init([31], cache: 0, depth: 1, role: .withoutCallee),
    // RETURN_GENERATOR
    .init([32], cache: 0, depth: 1),
    // RETURN_VALUE
    .init([33, 245], cache: 0, depth: 0, endsBlock: true),
    // SETUP_ANNOTATIONS
    .init([34], cache: 0, depth: 0),
    // STORE_SLICE
    .init([35], cache: 0, depth: -4),
    // STORE_SUBSCR
    .init([36, 208, 209], cache: 1, depth: -3),
    // TO_BOOL
    .init([37, 210, 211, 212, 213, 214, 215], cache: 3, depth: 0),
    // UNARY_INVERT
    .init([38], cache: 0, depth: 0),
    // UNARY_NEGATIVE
    .init([39], cache: 0, depth: 0),
    // UNARY_NOT
    .init([40], cache: 0, depth: 0),
    // WITH_EXCEPT_START
    .init([41], cache: 0, depth: 1),
    // BINARY_OP
    .init(
      [42, 3, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143], cache: 5, depth: -1),
    // BUILD_INTERPOLATION
    .init([43], cache: 0, depth: -1, times: -1, of: .lowBit),
    // BUILD_LIST
    .init([44], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_MAP
    .init([45], cache: 0, depth: 1, times: -2, of: .argument),
    // BUILD_SET
    .init([46], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_SLICE
    .init([47], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_STRING
    .init([48], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_TUPLE
    .init([49], cache: 0, depth: 1, times: -1, of: .argument),
    // CALL
    .init(
      [
        50, 144, 145, 146, 147, 148, 149, 150, 153, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167,
        168, 249,
      ], cache: 3, depth: -1, times: -1, of: .argument, role: .call),
    // CALL_INTRINSIC_1
    .init([51], cache: 0, depth: 0),
    // CALL_INTRINSIC_2
    .init([52], cache: 0, depth: -1),
    // CALL_KW
    .init([53, 154, 155, 156, 250], cache: 3, depth: -2, times: -1, of: .argument, role: .callWithNames),
    // COMPARE_OP
    .init([54, 169, 170, 171], cache: 1, depth: -1),
    // CONTAINS_OP
    .init([55, 172, 173], cache: 1, depth: -1),
    // CONVERT_VALUE
    .init([56], cache: 0, depth: 0),
    // COPY
    .init([57], cache: 0, depth: 1, role: .withoutCallee),
    // COPY_FREE_VARS
    .init([58], cache: 0, depth: 0),
    // DELETE_ATTR
    .init([59], cache: 0, depth: -1),
    // DELETE_DEREF
    .init([60], cache: 0, depth: 0),
    // DELETE_FAST
    .init([61], cache: 0, depth: 0),
    // DELETE_GLOBAL
    .init([62], cache: 0, depth: 0),
    // DELETE_NAME
    .init([63], cache: 0, depth: 0),
    // DICT_MERGE
    .init([64], cache: 0, depth: -1),
    // DICT_UPDATE
    .init([65], cache: 0, depth: -1),
    // END_ASYNC_FOR
    .init([66, 247], cache: 0, depth: -2),
    // EXTENDED_ARG
    .init([67], cache: 0, depth: 0, role: .prefix),
    // FOR_ITER
    .init([68, 174, 175, 176, 177, 178, 236], cache: 1, depth: 1, jumps: .forward, depthAfterJump: 1),
    // GET_AWAITABLE
    .init([69], cache: 0, depth: 0),
    // GET_ITER
    .init([70, 179, 180], cache: 1, depth: 1),
    // IMPORT_FROM
    .init([71], cache: 0, depth: 1),
    // IMPORT_NAME
    .init([72], cache: 0, depth: -1),
    // IS_OP
    .init([73], cache: 0, depth: -1),
    // JUMP_BACKWARD
    .init([74, 181, 182, 252], cache: 1, depth: 0, jumps: .backward, depthAfterJump: 0, endsBlock: true),
    // JUMP_BACKWARD_NO_INTERRUPT
    .init(
      [75], cache: 0, depth: 0, jumps: .backward, depthAfterJump: 0, role: .withoutCallee, endsBlock: true),
    // JUMP_FORWARD
    .init(
      [76, 238], cache: 0, depth: 0, jumps: .forward, depthAfterJump: 0, role: .withoutCallee, endsBlock: true
    ),
    // LIST_APPEND
    .init([77], cache: 0, depth: -1),
    // LIST_EXTEND
    .init([78], cache: 0, depth: -1),
    // LOAD_ATTR
    .init(
      [79, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195], cache: 9, depth: 0, times: 1,
      of: .lowBit),
    // LOAD_COMMON_CONSTANT
    .init([80], cache: 0, depth: 1, role: .withoutCallee),
    // LOAD_CONST
    .init([81], cache: 0, depth: 1, role: .withoutCallee),
    // LOAD_DEREF
    .init([82], cache: 0, depth: 1),
    // LOAD_FAST
    .init([83], cache: 0, depth: 1, role: .withoutCallee),
    // LOAD_FAST_AND_CLEAR
    .init([84], cache: 0, depth: 1),
    // LOAD_FAST_BORROW
    .init([85], cache: 0, depth: 1, role: .withoutCallee),
    // LOAD_FAST_BORROW_LOAD_FAST_BORROW
    .init([86], cache: 0, depth: 2, role: .withoutCallee),
    // LOAD_FAST_CHECK
    .init([87], cache: 0, depth: 1),
    // LOAD_FAST_LOAD_FAST
    .init([88], cache: 0, depth: 2, role: .withoutCallee),
    // LOAD_FROM_DICT_OR_DEREF
    .init([89], cache: 0, depth: 0),
    // LOAD_FROM_DICT_OR_GLOBALS
    .init([90], cache: 0, depth: 0),
    // LOAD_GLOBAL
    .init([91, 196, 197], cache: 4, depth: 1, times: 1, of: .lowBit),
    // LOAD_NAME
    .init([92], cache: 0, depth: 1),
    // LOAD_SMALL_INT
    .init([93], cache: 0, depth: 1, role: .withoutCallee),
    // LOAD_SPECIAL
    .init([94], cache: 0, depth: 1),
    // LOAD_SUPER_ATTR
    .init([95, 198, 199, 248], cache: 1, depth: -2, times: 1, of: .lowBit),
    // MAKE_CELL
    .init([96], cache: 0, depth: 0),
    // MAP_ADD
    .init([97], cache: 0, depth: -2),
    // MATCH_CLASS
    .init([98], cache: 0, depth: -2),
    // POP_JUMP_IF_FALSE
    .init([99, 241], cache: 1, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_IF_NONE
    .init([100, 242], cache: 1, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_IF_NOT_NONE
    .init([101, 243], cache: 1, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_IF_TRUE
    .init([102, 240], cache: 1, depth: -1, jumps: .forward, depthAfterJump: -1),
    // RAISE_VARARGS
    .init([103], cache: 0, depth: 0, times: -1, of: .argument, endsBlock: true),
    // RERAISE
    .init([104], cache: 0, depth: -1, endsBlock: true),
    // SEND
    .init([105, 202, 203, 204], cache: 1, depth: 0, jumps: .forward, depthAfterJump: 0),
    // SET_ADD
    .init([106], cache: 0, depth: -1),
    // SET_FUNCTION_ATTRIBUTE
    .init([107], cache: 0, depth: -1),
    // SET_UPDATE
    .init([108], cache: 0, depth: -1),
    // STORE_ATTR
    .init([109, 205, 206, 207], cache: 4, depth: -2),
    // STORE_DEREF
    .init([110], cache: 0, depth: -1),
    // STORE_FAST
    .init([111], cache: 0, depth: -1),
    // STORE_FAST_LOAD_FAST
    .init([112], cache: 0, depth: 0),
    // STORE_FAST_STORE_FAST
    .init([113], cache: 0, depth: -2),
    // STORE_GLOBAL
    .init([114], cache: 0, depth: -1),
    // STORE_NAME
    .init([115], cache: 0, depth: -1),
    // SWAP
    .init([116], cache: 0, depth: 0, role: .withoutCallee),
    // UNPACK_EX
    .init([117], cache: 0, depth: 0, times: 1, of: .bothBytes),
    // UNPACK_SEQUENCE
    .init([118, 216, 217, 218], cache: 1, depth: -1, times: 1, of: .argument),
    // YIELD_VALUE
    .init([119, 246], cache: 0, depth: 0),
    // RESUME
    .init([128, 200, 201, 244], cache: 1, depth: 0),
  ]
}
