"""Rigs in other languages, and with bones beside the limbs: skirts, pony tails, weapons."""

from tests.bake.retarget.makers import Maker

LANGUAGES = {
    "sketchfab": Maker(
        ("L", "R"),
        """
        _rootJoint - floor
        Hips_01 _rootJoint pelvis pelvis
        Spine_02 Hips_01 spine1 spine1
        Spine1_03 Spine_02 spine2 spine2
        Spine2_04 Spine1_03 spine3 spine3
        Neck_05 Spine2_04 neck neck
        Head_06 Neck_05 head head
        HeadTop_End_07 Head_06 top
        Eye_*_08 Head_06 *eye
        Shoulder_*_010 Spine2_04 *collar *collar
        UpperArm_*_011 Shoulder_*_010 *shoulder *shoulder
        LowerArm_*_012 UpperArm_*_011 *elbow *elbow
        Hand_*_013 LowerArm_*_012 *wrist *wrist
        UpLeg_*_055 Hips_01 *hip *hip
        Leg_*_056 UpLeg_*_055 *knee *knee
        Foot_*_057 Leg_*_056 *ankle *ankle
        ToeBase_*_058 Foot_*_057 *foot *foot
        Toe_End_*_059 ToeBase_*_058 *toe_end
        """,
        "%#_*_020",
        "Thumb Index Middle Ring Pinky",
        hand="Hand_*_013",
    ),
    "blender_dots": Maker(
        ("L", "R"),
        """
        Bone - pelvis pelvis
        Bone.001 Bone spine1 spine1
        Bone.002 Bone.001 spine3 spine3
        Bone.003 Bone.002 neck neck
        Bone.004 Bone.003 head head
        Bone.005.* Bone.002 *collar *collar
        Bone.006.* Bone.005.* *shoulder *shoulder
        Bone.007.* Bone.006.* *elbow *elbow
        Bone.008.* Bone.007.* *wrist *wrist
        Bone.009.* Bone *hip *hip
        Bone.010.* Bone.009.* *knee *knee
        Bone.011.* Bone.010.* *ankle *ankle
        Bone.012.* Bone.011.* *foot *foot
        """,
    ),
    "italian": Maker(
        ("Sx", "Dx"),
        """
        bacino - pelvis pelvis
        colonna1 bacino spine1 spine1
        colonna2 colonna1 spine2 spine2
        petto colonna2 spine3 spine3
        collo petto neck neck
        testa collo head head
        clavicola_* petto *collar *collar
        braccio_* clavicola_* *shoulder *shoulder
        avambraccio_* braccio_* *elbow *elbow
        mano_* avambraccio_* *wrist *wrist
        coscia_* bacino *hip *hip
        gamba_* coscia_* *knee *knee
        piede_* gamba_* *ankle *ankle
        punta_* piede_* *foot *foot
        """,
        "%#_*",
        "pollice indice medio anulare mignolo",
        hand="mano_*",
    ),
    "polish": Maker(
        ("L", "P"),
        """
        miednica - pelvis pelvis
        kregoslup1 miednica spine1 spine1
        kregoslup2 kregoslup1 spine2 spine2
        klatka kregoslup2 spine3 spine3
        szyja klatka neck neck
        glowa szyja head head
        obojczyk_* klatka *collar *collar
        ramie_* obojczyk_* *shoulder *shoulder
        przedramie_* ramie_* *elbow *elbow
        dlon_* przedramie_* *wrist *wrist
        udo_* miednica *hip *hip
        lydka_* udo_* *knee *knee
        stopa_* lydka_* *ankle *ankle
        palce_* stopa_* *foot *foot
        """,
    ),
    "turkish": Maker(
        ("Sol", "Sag"),
        """
        Kalca - pelvis pelvis
        Omurga1 Kalca spine1 spine1
        Omurga2 Omurga1 spine2 spine2
        Gogus Omurga2 spine3 spine3
        Boyun Gogus neck neck
        Kafa Boyun head head
        *Omuz Gogus *collar *collar
        *UstKol *Omuz *shoulder *shoulder
        *AltKol *UstKol *elbow *elbow
        *El *AltKol *wrist *wrist
        *UstBacak Kalca *hip *hip
        *AltBacak *UstBacak *knee *knee
        *Ayak *AltBacak *ankle *ankle
        *AyakParmak *Ayak *foot *foot
        """,
    ),
    "dutch": Maker(
        ("links", "rechts"),
        """
        bekken - pelvis pelvis
        ruggengraat bekken spine1 spine1
        borst ruggengraat spine3 spine3
        nek borst neck neck
        hoofd nek head head
        schouder_* borst *collar *collar
        bovenarm_* schouder_* *shoulder *shoulder
        onderarm_* bovenarm_* *elbow *elbow
        hand_* onderarm_* *wrist *wrist
        bovenbeen_* bekken *hip *hip
        onderbeen_* bovenbeen_* *knee *knee
        voet_* onderbeen_* *ankle *ankle
        tenen_* voet_* *foot *foot
        """,
    ),
    "katakana": Maker(
        ("左", "右"),
        """
        ルート - floor
        骨盤 ルート pelvis pelvis
        背骨1 骨盤 spine1 spine1
        背骨2 背骨1 spine2 spine2
        胸 背骨2 spine3 spine3
        首 胸 neck neck
        頭 首 head head
        *鎖骨 胸 *collar *collar
        *上腕 *鎖骨 *shoulder *shoulder
        *前腕 *上腕 *elbow *elbow
        *手 *前腕 *wrist *wrist
        *太もも 骨盤 *hip *hip
        *すね *太もも *knee *knee
        *足 *すね *ankle *ankle
        *つま先 *足 *foot *foot
        """,
    ),
    "maya_jnt": Maker(
        ("lf", "rt"),
        """
        c_root_jnt - floor
        c_cog_jnt c_root_jnt pelvis>.5>spine1
        c_hips_jnt c_cog_jnt pelvis pelvis
        c_spine01_jnt c_cog_jnt spine1 spine1
        c_spine02_jnt c_spine01_jnt spine2 spine2
        c_spine03_jnt c_spine02_jnt spine3 spine3
        c_neck01_jnt c_spine03_jnt neck neck
        c_neck02_jnt c_neck01_jnt neck>.5>head neck
        c_head_jnt c_neck02_jnt head head
        c_jaw_jnt c_head_jnt head>.2>top
        *_clav_jnt c_spine03_jnt *collar *collar
        *_armUpper_jnt *_clav_jnt *shoulder *shoulder
        *_armUpperTwist_jnt *_armUpper_jnt *shoulder>.5>*elbow
        *_armLower_jnt *_armUpper_jnt *elbow *elbow
        *_armLowerTwist_jnt *_armLower_jnt *elbow>.5>*wrist
        *_wrist_jnt *_armLower_jnt *wrist *wrist
        *_legUpper_jnt c_hips_jnt *hip *hip
        *_legUpperTwist_jnt *_legUpper_jnt *hip>.5>*knee
        *_legLower_jnt *_legUpper_jnt *knee *knee
        *_ankle_jnt *_legLower_jnt *ankle *ankle
        *_ball_jnt *_ankle_jnt *foot *foot
        *_toe_jnt *_ball_jnt *toe_end
        """,
        "*_%#_jnt",
        "thumb index middle ring pinky",
        hand="*_wrist_jnt",
        palms="*_%Meta_jnt",
        tips="End",
    ),
    "upper_lower_suffix": Maker(
        ("l", "r"),
        """
        J_root - floor
        J_pelvis J_root pelvis pelvis
        J_spine_a J_pelvis spine1 spine1
        J_spine_b J_spine_a spine2 spine2
        J_spine_c J_spine_b spine3 spine3
        J_neck J_spine_c neck neck
        J_head J_neck head head
        J_cloth_* J_spine_c *bust
        J_clav_* J_spine_c *collar *collar
        J_arm_a_* J_clav_* *shoulder *shoulder
        J_arm_b_* J_arm_a_* *elbow *elbow
        J_hand_* J_arm_b_* *wrist *wrist
        J_sode_* J_arm_b_* *wrist>.2>*hip
        J_leg_a_* J_pelvis *hip *hip
        J_leg_b_* J_leg_a_* *knee *knee
        J_leg_c_* J_leg_b_* *ankle *ankle
        J_leg_d_* J_leg_c_* *foot *foot
        """,
    ),
    "no_neck_no_toes": Maker(
        ("Left", "Right"),
        """
        Body - pelvis pelvis
        Torso Body spine2 spine2
        Head Torso head head
        *UpperArm Torso *shoulder *shoulder
        *LowerArm *UpperArm *elbow *elbow
        *Hand *LowerArm *wrist *wrist
        *UpperLeg Body *hip *hip
        *LowerLeg *UpperLeg *knee *knee
        *Foot *LowerLeg *ankle *ankle
        """,
    ),
}

NEIGHBOURS = {
    "skirts": Maker(
        ("_L", "_R"),
        """
        Root - floor
        Hips Root pelvis pelvis
        Spine Hips spine1 spine1
        Chest Spine spine3 spine3
        Neck Chest neck neck
        Head Neck head head
        Ponytail1 Head head>.5>top
        Ponytail2 Ponytail1 neck
        Ponytail3 Ponytail2 spine3
        Ponytail4 Ponytail3 spine1
        SkirtFront1* Hips *hip>.3>*skirt
        SkirtFront2* SkirtFront1* *skirt
        SkirtFront3* SkirtFront2* *skirt>.5>*ankle
        SkirtSide1* Hips *hip>.2>*skirt
        SkirtSide2* SkirtSide1* *knee>.3>*skirt
        SkirtSide3* SkirtSide2* *ankle>.3>*skirt
        Breast* Chest *bust
        Sleeve1* Hand* *wrist>.5>*knee
        Sleeve2* Sleeve1* *wrist>.9>*knee
        Shoulder* Chest *collar *collar
        UpperArm* Shoulder* *shoulder *shoulder
        LowerArm* UpperArm* *elbow *elbow
        Hand* LowerArm* *wrist *wrist
        UpperLeg* Hips *hip *hip
        LowerLeg* UpperLeg* *knee *knee
        Foot* LowerLeg* *ankle *ankle
        Toe* Foot* *foot *foot
        """,
    ),
    "ik_helpers": Maker(
        ("l", "r"),
        """
        root - floor
        ik_foot_root root floor
        ik_foot_* ik_foot_root *ankle
        ik_hand_root root floor
        ik_hand_gun ik_hand_root right_wrist
        ik_hand_* ik_hand_gun *wrist
        knee_pole_* root *knee>1.5>*skirt
        pelvis root pelvis pelvis
        spine_01 pelvis spine1 spine1
        spine_02 spine_01 spine1>.5>spine2 spine1
        spine_03 spine_02 spine2 spine2
        spine_04 spine_03 spine2>.5>spine3 spine3
        spine_05 spine_04 spine3 spine3
        neck_01 spine_05 neck neck
        neck_02 neck_01 neck>.5>head neck
        head neck_02 head head
        clavicle_* spine_05 *collar *collar
        upperarm_* clavicle_* *shoulder *shoulder
        upperarm_twist_01_* upperarm_* *shoulder
        lowerarm_* upperarm_* *elbow *elbow
        hand_* lowerarm_* *wrist *wrist
        weapon_* hand_* *wrist
        thigh_* pelvis *hip *hip
        calf_* thigh_* *knee *knee
        foot_* calf_* *ankle *ankle
        ball_* foot_* *foot *foot
        """,
    ),
}
"""Only names tell that what goes on behind a hand is a weapon or a sleeve."""
